//! The view without a server that renders it: what `trunk serve` shows.

fn main() {
    hubbub_app::mount();
}
