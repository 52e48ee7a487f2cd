//! Enables the feature `split` in `cargo leptos build --split`. cargo-leptos has no setting for the features of such a
//! build, but it links with `--emit-relocs`, as the splitter requires, and no other command sets this flag for the
//! whole build.

fn main() {
    // The flags of the compiler, separated by the character 0x1f (Cargo reference, "Environment variables Cargo sets
    // for build scripts").
    println!("cargo:rerun-if-env-changed=CARGO_ENCODED_RUSTFLAGS");
    if std::env::var("CARGO_ENCODED_RUSTFLAGS").is_ok_and(|flags| flags.contains("--emit-relocs")) {
        println!("cargo:rustc-cfg=feature=\"split\"");
    }
}
