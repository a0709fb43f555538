//! Cameras, recorders and their faults on loopback, written from protocol notes.
