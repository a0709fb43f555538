//! Parts of `multipart/mixed` as devices send them, byte by byte: however they are cut, the same parts come out.
//!
//! A part ends where its document does, and not where the next boundary comes: a device sends that one with its next event,
//! which may be an hour later. `Content-Length` is not looked at, for it is not always right. Pictures are skipped.

/// Bytes of a part that is read, at most; a larger one is skipped.
pub const MOST_PART_BYTES: usize = 64 * 1024;
/// Bytes of the head of a part, at most.
const MOST_HEAD_BYTES: usize = 8 * 1024;
/// Bytes of a line that are looked at: a boundary has at most 70.
const MOST_LINE_BYTES: usize = 80;
/// How an XML event ends.
const XML_END: &[u8] = b"</eventnotificationalert>";
/// Boundaries that devices use, whatever they announce.
const USUAL: [&str; 2] = ["boundary", "MIME_boundary"];

/// Takes bytes, gives parts.
#[derive(Debug)]
pub struct Parts {
    boundaries: Vec<Vec<u8>>,
    state: State,
    /// The start of the line that is being read.
    line: Vec<u8>,
    /// Whether the line is longer than what is kept of it.
    long: bool,
    body: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first part, after a part that ended, or within one that is not read.
    Between,
    /// In the head of a part.
    Head {
        /// Bytes of it so far.
        bytes: usize,
        /// It says that a picture follows.
        picture: bool,
    },
    /// In its body.
    Body(Document),
}

/// How far a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Document {
    /// It has not begun.
    Unknown,
    Xml,
    Json {
        depth: u32,
        in_text: bool,
        escaped: bool,
    },
}

impl Parts {
    /// For a stream that says it is of this type.
    pub fn of_content_type(content_type: &str) -> Self {
        let mut boundaries: Vec<Vec<u8>> = USUAL.iter().map(|name| name.as_bytes().to_vec()).collect();
        if let Some(named) = boundary_of(content_type) {
            boundaries.push(named.as_bytes().to_vec());
        }
        Self { boundaries, state: State::Between, line: Vec::new(), long: false, body: Vec::new() }
    }

    /// Takes the bytes that came and gives the parts that they end.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut ended = Vec::new();
        for byte in bytes {
            ended.extend(self.take(*byte));
        }
        ended
    }

    /// Nothing more comes: what is there of a part is one.
    pub fn finish(mut self) -> Option<Vec<u8>> {
        let is_body = matches!(self.state, State::Body(_));
        let is_boundary = self.is_boundary();
        (is_body && !is_boundary).then(|| std::mem::take(&mut self.body)).filter(|body| !body.trim_ascii().is_empty())
    }

    fn take(&mut self, byte: u8) -> Option<Vec<u8>> {
        if byte == b'\n' {
            return self.end_line();
        }
        let begins_line = self.line.is_empty() && !self.long;
        if self.line.len() < MOST_LINE_BYTES {
            self.line.push(byte);
        } else {
            self.long = true;
        }
        match self.state {
            State::Between => None,
            // Some leave out the blank line.
            State::Head { .. } if begins_line && matches!(byte, b'<' | b'{') => {
                self.state = State::Body(Document::Unknown);
                self.add(byte, Document::Unknown)
            }
            State::Head { bytes, picture } => {
                self.state = State::in_head(bytes, picture);
                None
            }
            State::Body(document) => self.add(byte, document),
        }
    }

    /// A byte of a body; the body, where it ends it.
    fn add(&mut self, byte: u8, document: Document) -> Option<Vec<u8>> {
        if self.body.len() >= MOST_PART_BYTES {
            self.skip();
            return None;
        }
        self.body.push(byte);
        let document = document.after(byte);
        self.state = State::Body(document);
        let is_whole = match document {
            Document::Unknown => false,
            Document::Xml => byte == b'>' && ends_with(&self.body, XML_END),
            Document::Json { depth, .. } => depth == 0,
        };
        if is_whole {
            self.state = State::Between;
            return Some(std::mem::take(&mut self.body));
        }
        None
    }

    fn end_line(&mut self) -> Option<Vec<u8>> {
        let is_boundary = self.is_boundary();
        let is_blank = !self.long && self.line.trim_ascii().is_empty();
        let says_picture = says_picture(&self.line);
        let length = self.line.len();
        self.line.clear();
        self.long = false;
        match self.state {
            _ if is_boundary => {
                // What stood before it is a part that did not end by itself.
                let before = self.body.len().saturating_sub(length);
                let mut whole = std::mem::take(&mut self.body);
                whole.truncate(before);
                let was_body = matches!(self.state, State::Body(document) if document != Document::Unknown);
                self.state = State::Head { bytes: 0, picture: false };
                was_body.then_some(whole)
            }
            State::Head { picture, .. } if is_blank => {
                self.state = if picture { State::Between } else { State::Body(Document::Unknown) };
                None
            }
            State::Head { bytes, picture } => {
                self.state = State::in_head(bytes, picture || says_picture);
                None
            }
            State::Body(document) => self.add(b'\n', document),
            State::Between => None,
        }
    }

    /// Leaves a part unread, up to the next boundary.
    fn skip(&mut self) {
        self.state = State::Between;
        self.body = Vec::new();
    }

    fn is_boundary(&self) -> bool {
        if self.long {
            return false;
        }
        let Some(rest) = self.line.strip_prefix(b"--") else { return false };
        let rest = rest.trim_ascii_end();
        let rest = rest.strip_suffix(b"--").unwrap_or(rest);
        self.boundaries.iter().any(|boundary| boundary == rest)
    }
}

impl State {
    /// One byte further in the head of a part.
    fn in_head(bytes: usize, picture: bool) -> Self {
        if bytes < MOST_HEAD_BYTES { Self::Head { bytes: bytes + 1, picture } } else { Self::Between }
    }
}

/// Whether a line of a head says that a picture follows.
fn says_picture(line: &[u8]) -> bool {
    let Some((name, value)) = line.split_at_checked(13) else { return false };
    let value = value.trim_ascii_start();
    name.eq_ignore_ascii_case(b"content-type:")
        && value.get(..6).is_some_and(|start| start.eq_ignore_ascii_case(b"image/"))
}

impl Document {
    /// A document that begins with something else than XML or JSON is a picture, and is skipped byte by byte until it is too
    /// large or a boundary comes.
    fn after(self, byte: u8) -> Self {
        match self {
            Self::Unknown if byte == b'<' => Self::Xml,
            Self::Unknown if byte == b'{' => Self::Json { depth: 1, in_text: false, escaped: false },
            Self::Json { depth, in_text: true, escaped } => {
                let ends = byte == b'"' && !escaped;
                Self::Json { depth, in_text: !ends, escaped: byte == b'\\' && !escaped }
            }
            Self::Json { depth, in_text: false, .. } => {
                let depth = match byte {
                    b'{' => depth.saturating_add(1),
                    b'}' => depth.saturating_sub(1),
                    _ => depth,
                };
                Self::Json { depth, in_text: byte == b'"', escaped: false }
            }
            other => other,
        }
    }
}

/// Whether a body ends with this, in large or small letters.
fn ends_with(body: &[u8], end: &[u8]) -> bool {
    let start = body.len().saturating_sub(end.len());
    body.get(start..).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// The boundary that a content type names. Some write it with the dashes that stand before it.
fn boundary_of(content_type: &str) -> Option<&str> {
    let named = content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then_some(value)
    })?;
    let boundary = named.trim().trim_matches('"').trim_start_matches('-');
    (!boundary.is_empty() && boundary.len() <= 70).then_some(boundary)
}
