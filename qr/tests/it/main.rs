//! The crate from the outside: published vectors, properties of the codecs, distorted pictures.

#[cfg(test)]
mod distortion;
#[cfg(test)]
mod pictures;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod sealed;
#[cfg(test)]
mod texts;
#[cfg(test)]
mod vectors;
