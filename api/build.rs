//! The console is embedded from its built folder, which may not be there yet: an empty one will do.

fn main() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../console/dist");
    // Where it cannot be made, embedding says so in its own words.
    let _ = std::fs::create_dir_all(&folder);
    println!("cargo:rerun-if-changed={}", folder.display());
    println!("cargo:rerun-if-changed=build.rs");
}
