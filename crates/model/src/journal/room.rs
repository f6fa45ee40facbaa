//! Memory in large steps.
//!
//! In a browser the allocator asks for one page of 64 KiB after the other, and each time costs more
//! than filling the page does: a journal of 100,000 events asks a thousand times.

/// How much is asked for at once: 4 MiB. What is not used yet costs addresses, not memory.
#[cfg(target_arch = "wasm32")]
const STEP: usize = 4 << 20;

/// Sees to it that the allocator holds a step in reserve.
#[cfg(target_arch = "wasm32")]
pub(super) fn make_room() {
    // Given back at once, and kept by the allocator: it never returns memory to the browser. Looked
    // at in between, as an allocation that nobody sees is compiled away. Where there is no room
    // there is no reserve, and that is all.
    let mut reserve = Vec::<u8>::new();
    let _ = std::hint::black_box(reserve.try_reserve_exact(STEP));
    drop(std::hint::black_box(reserve));
}

/// Elsewhere the system does this by itself.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn make_room() {}
