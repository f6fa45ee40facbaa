//! What Runreel means: journal, fold, keyframes, playhead, channels.
