//! The app: mounts the single-page app.

mod app;
mod client;
mod dom;
mod state;
mod view;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
