"""How well the kernel rejects: every step of every theorem is changed in one place, and the change must be noticed.

Nothing here takes part in a proof, and neither the kernel nor the rules import it. ``changes`` makes the mutants of an
expression, ``mutants`` those of a step and a theorem, ``run`` hands them to the kernel in worker processes, ``truth``
says of an accepted one why it is still true, and ``values`` and ``worlds`` try to refute it without any rule.
"""
