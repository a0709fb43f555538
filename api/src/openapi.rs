//! The API's own description, made from the handlers themselves, and served at `/api/v1/openapi.json`.

use actix_web::{HttpResponse, web};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};

use crate::access::session::Kind;

/// The description of every route of the API.
pub fn document() -> OpenApi {
    let app = utoipa_actix_web::AppExt::into_utoipa_app(actix_web::App::new());
    app.openapi(base()).service(crate::routes::api()).split_for_parts().1
}

/// The description as pretty JSON, keys in a fixed order.
pub fn json() -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&document())
}

fn base() -> OpenApi {
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        Kind::Staff.cookie(),
        "The session (`__Host-siteward_session` where the server is reached by TLS); everything that is not a GET also needs the header X-CSRF-Token with the value from Session.csrf_token.",
    )));
    let link = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    let process = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
        siteward_worker::links::FORWARD_HEADER,
        "A signature by the key that the processes of one server share.",
    )));
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Siteward")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some("A self-hosted platform for installers of security systems."))
                .license(Some(LicenseBuilder::new().name("Apache-2.0").build()))
                .build(),
        )
        .components(Some(
            ComponentsBuilder::new()
                .security_scheme("session", cookie)
                .security_scheme("link", link)
                .security_scheme("process", process)
                .build(),
        ))
        .security(Some([SecurityRequirement::new("session", Vec::<String>::new())]))
        .build()
}

/// The description, made once.
pub(crate) struct Description {
    pub(crate) json: web::Bytes,
    /// Templates of paths and their methods, to tell "no such thing" from "not with this method".
    pub(crate) routes: Vec<(String, Vec<String>)>,
}

impl Description {
    pub(crate) fn new() -> Self {
        let value = serde_json::to_value(document()).unwrap_or_default();
        let paths = value.get("paths").and_then(|paths| paths.as_object()).cloned().unwrap_or_default();
        let routes = paths.iter().map(|(path, item)| {
            let methods = item.as_object().map(|item| item.keys().map(|key| key.to_ascii_uppercase()).collect());
            (path.clone(), methods.unwrap_or_default())
        });
        Self { routes: routes.collect(), json: value.to_string().into() }
    }

    /// The methods that a path takes, if it is a path of the API.
    pub(crate) fn methods_of(&self, path: &str) -> Option<&[String]> {
        let fits = |template: &str| {
            let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
            template.len() == path.len() && template.iter().zip(path).all(|(t, p)| t.starts_with('{') || *t == p)
        };
        self.routes.iter().find(|(template, _)| fits(template)).map(|(_, methods)| methods.as_slice())
    }
}

/// `GET /openapi.json`.
pub(crate) async fn serve(description: web::Data<Description>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(description.json.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_described_below_the_base_path_with_its_methods() {
        let description = Description::new();
        let methods = description.methods_of("/api/v1/sites/018f0000-0000-7000-8000-000000000000").unwrap();
        assert_eq!(methods, ["DELETE", "GET", "PATCH"]);
        assert!(description.methods_of("/api/v1/nothing").is_none());
        assert!(description.routes.iter().all(|(path, _)| path.starts_with("/api/v1/")));
    }
}
