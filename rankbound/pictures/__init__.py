"""Pictures for papers and pages: what they show as plain data, and how they are drawn.

Each picture is made in two steps: ``curve`` and ``occupancy`` find what there is to show, without matplotlib;
``saturation`` and ``occupancy_picture`` draw it, in the one style of ``style``.
"""
