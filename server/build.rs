//! Tells cargo to rebuild the program when the migrations or the site change.

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=../target/site");
    // An empty site is a server without a browser half: good for tests, and no reason not to compile.
    std::fs::create_dir_all("../target/site")
}
