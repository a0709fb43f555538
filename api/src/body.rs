//! JSON bodies: an object where the API's description says object.
//!
//! serde's derived readers also take a list of the fields' values in their order, `[null, null]` for an object of two
//! optional fields. Nobody means that, and a schema says it is wrong.

mod collecting;

use std::fmt;
use std::marker::PhantomData;

use actix_web::dev::{JsonBody, Payload};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use futures_util::future::{FutureExt as _, LocalBoxFuture};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};

use crate::access::reach::Gate;
use crate::error::ApiError;
use crate::routes::bad_json;

pub(crate) use collecting::collect;

/// A JSON object as the body of a request.
pub(crate) struct Body<T>(pub(crate) T);

impl<T> Body<T> {
    /// What was sent.
    pub(crate) fn into_inner(self) -> T {
        self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let read = web::Json::<Object<T>>::from_request(request, payload);
        let gate = request.extensions().get::<Gate>().cloned();
        async move {
            if let Some(gate) = gate {
                gate.pass().await;
            }
            read.await.map(|body| Self(body.into_inner().0))
        }
        .boxed_local()
    }
}

/// The same where the object is a list of many rows.
pub(crate) struct ManyRows<T>(T);

impl<T> ManyRows<T> {
    /// What was sent.
    pub(crate) fn into_inner(self) -> T {
        self.0
    }
}

/// Most bytes of a list of many rows.
const MOST_OF_ROWS: usize = 4 * 1024 * 1024;

impl<T: DeserializeOwned + 'static> FromRequest for ManyRows<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let read = JsonBody::<Object<T>>::new(request, payload, None, true).limit(MOST_OF_ROWS);
        let gate = request.extensions().get::<Gate>().cloned();
        async move {
            if let Some(gate) = gate {
                gate.pass().await;
            }
            read.await.map(|body| Self(body.0)).map_err(|error| bad_json(&error))
        }
        .boxed_local()
    }
}

/// Reads `T` from an object and from nothing else.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OfObject(PhantomData)).map(Self)
    }
}

struct OfObject<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OfObject<T> {
    type Value = T;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

/// For objects inside a body: `#[serde(deserialize_with = "object")]`.
pub(crate) fn object<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    Object::deserialize(deserializer).map(|object| object.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Two {
        one: Option<u8>,
        #[serde(default)]
        two: bool,
    }

    #[test]
    fn a_list_is_no_object() {
        let read = |text: &str| serde_json::from_str::<Object<Two>>(text).map(|object| object.0);
        assert_eq!(read(r#"{"one": 1, "two": true}"#).unwrap(), Two { one: Some(1), two: true });
        assert_eq!(read("{}").unwrap(), Two { one: None, two: false });
        for bad in ["[1, true]", "[]", "null", "1", r#"{"three": 3}"#, r#"{"one": "x"}"#] {
            assert!(read(bad).is_err(), "{bad}");
        }
        let error = read("{\n  \"one\": \"x\"\n}").err().unwrap();
        assert_eq!(error.line(), 2);
    }
}
