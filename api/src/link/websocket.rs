//! A WebSocket of a request as a stream of bytes for the tunnel.
//!
//! What actix gives belongs to the thread of its request, while the tunnel runs on the runtime of the whole process: so the
//! messages go over channels, both of them short, so that a slow side slows the other down.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, rt, web};
use actix_ws::{CloseCode, CloseReason, Message, MessageStream, Session};
use bytes::Bytes;
use tokio::sync::mpsc;

use crate::error::{ApiError, codes};

/// Messages that wait in either direction.
const WAITING: usize = 32;
/// Largest message that is taken.
const MOST_BYTES: usize = 1024 * 1024;
/// Silence after which the other side is gone; it pings every 15 seconds.
const LONGEST_SILENCE: Duration = Duration::from_secs(45);

/// The binary messages of a WebSocket. It ends when either half is dropped, or the other side goes.
pub(super) struct Messages {
    /// From the other side.
    pub(super) incoming: mpsc::Receiver<Bytes>,
    /// To the other side.
    pub(super) outgoing: mpsc::Sender<Bytes>,
}

/// Whether a request asks for a WebSocket at all.
pub(super) fn is_asked_for(request: &HttpRequest) -> Result<(), ApiError> {
    let upgrade = request.headers().get("Upgrade").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if upgrade.eq_ignore_ascii_case("websocket") { Ok(()) } else { Err(ApiError::new(codes::WEBSOCKET_NEEDED)) }
}

/// Opens the WebSocket: the answer to the request, and its messages.
pub(super) fn open(request: &HttpRequest, payload: web::Payload) -> Result<(HttpResponse, Messages), ApiError> {
    is_asked_for(request)?;
    let opened = actix_ws::handle(request, payload);
    let (answer, session, stream) = opened.map_err(|_| ApiError::new(codes::WEBSOCKET_NEEDED))?;
    let (to_tunnel, incoming) = mpsc::channel(WAITING);
    let (outgoing, from_tunnel) = mpsc::channel(WAITING);
    rt::spawn(carry(session, stream.max_frame_size(MOST_BYTES), to_tunnel, from_tunnel));
    Ok((answer, Messages { incoming, outgoing }))
}

/// Carries messages both ways until either way ends; then all of it does.
async fn carry(
    session: Session,
    stream: MessageStream,
    to_tunnel: mpsc::Sender<Bytes>,
    from_tunnel: mpsc::Receiver<Bytes>,
) {
    let reason = tokio::select! {
        reason = receive(stream, session.clone(), to_tunnel) => reason,
        () = send(session.clone(), from_tunnel) => None,
    };
    // Gone already, maybe.
    let _ = session.close(reason).await;
}

async fn receive(mut stream: MessageStream, mut session: Session, to_tunnel: mpsc::Sender<Bytes>) -> Option<CloseReason> {
    loop {
        let message = tokio::time::timeout(LONGEST_SILENCE, stream.recv()).await;
        match message {
            Ok(Some(Ok(Message::Binary(bytes)))) => to_tunnel.send(bytes).await.ok()?,
            Ok(Some(Ok(Message::Ping(bytes)))) => session.pong(&bytes).await.ok()?,
            Ok(Some(Ok(Message::Pong(_) | Message::Nop))) => {}
            // Text and pieces of messages are nothing that an agent sends.
            Ok(Some(Ok(Message::Text(_) | Message::Continuation(_)))) => return Some(CloseCode::Unsupported.into()),
            Ok(Some(Ok(Message::Close(_)) | Err(_)) | None) | Err(_) => return None,
        }
    }
}

async fn send(mut session: Session, mut from_tunnel: mpsc::Receiver<Bytes>) {
    while let Some(bytes) = from_tunnel.recv().await {
        if session.binary(bytes).await.is_err() {
            return;
        }
    }
}
