// Pointing at a theorem, or reaching it with the Tab key, shows it and marks what it rests on; a click keeps it.
document.body.classList.add("scripted");
const root = document.querySelector("svg");
const boxes = [...root.querySelectorAll("a[href^='#']")];
const lines = [...root.querySelectorAll("[data-from]")];
const idOf = (box) => box.getAttribute("href").slice(1);

function show(id) {
  const section = id && document.getElementById(id);
  for (const each of document.querySelectorAll("section")) each.classList.toggle("shown", each === section);
  const lit = new Set(section ? [id, ...section.dataset.above.split(" ")] : []);
  root.classList.toggle("tracing", Boolean(section));
  for (const box of boxes) {
    box.classList.toggle("lit", lit.has(idOf(box)));
    box.classList.toggle("here", idOf(box) === id);
  }
  for (const line of lines) line.classList.toggle("lit", line.dataset.to.split(" ").some((to) => lit.has(to)));
}

const kept = () => decodeURIComponent(location.hash.slice(1));
for (const box of boxes) {
  for (const event of ["mouseenter", "focus"]) box.addEventListener(event, () => show(idOf(box)));
  for (const event of ["mouseleave", "blur"]) box.addEventListener(event, () => show(kept()));
}
window.addEventListener("hashchange", () => show(kept()));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") history.replaceState(null, "", " "), show("");
});
show(kept());
