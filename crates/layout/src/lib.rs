//! Where things go: the run graph, the timeline, the viewport.
