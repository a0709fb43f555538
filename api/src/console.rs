//! The web console, embedded: its files, and `index.html` for every address that is one of its pages.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::{EmbeddedFile, RustEmbed};

/// The built console; empty when it was not built before this program.
#[derive(RustEmbed)]
#[folder = "../console/dist"]
struct Files;

const INDEX: &str = "index.html";
/// Names of files below this folder carry a hash of their content.
const HASHED: &str = "assets/";
const NOT_BUILT: &str = "<!doctype html><title>Siteward</title><p>The server runs, but the web console was not built into \
    this program. Run <code>script/server</code>, or <code>script/console</code> before <code>cargo build</code>.";

/// Answers whatever is not the API.
pub(crate) async fn serve(request: HttpRequest) -> HttpResponse {
    let path = request.path().trim_start_matches('/');
    if let Some(file) = Files::get(path).filter(|_| !path.is_empty()) {
        return answer(&request, path, &file);
    }
    // A missing file is missing; a page of the console is for the console to know.
    if path.rsplit('/').next().is_some_and(|last| last.contains('.')) {
        return HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("not found");
    }
    match Files::get(INDEX) {
        Some(file) => answer(&request, INDEX, &file),
        None => HttpResponse::Ok().content_type("text/html; charset=utf-8").body(NOT_BUILT),
    }
}

fn answer(request: &HttpRequest, path: &str, file: &EmbeddedFile) -> HttpResponse {
    let etag = format!("\"{}\"", hex::encode(file.metadata.sha256_hash()));
    let caching = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.contains(&etag)) {
        return HttpResponse::NotModified()
            .insert_header((ETAG, etag))
            .insert_header((CACHE_CONTROL, caching))
            .finish();
    }
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type(path)))
        .insert_header((ETAG, etag))
        .insert_header((CACHE_CONTROL, caching))
        .body(file.data.clone().into_owned())
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
