//! The web client without server rendering, for `trunk serve`.

fn main() {
    hubbub_app::mount();
}
