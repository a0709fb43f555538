//! A WebSocket of a request as the bytes of a tunnel.
//!
//! What actix gives belongs to the thread of its request, while the tunnel runs on the runtime of the whole process: so the
//! messages go over channels, both of them short, so that a slow side slows the other down.

use std::io;

use actix_web::{HttpRequest, HttpResponse, rt, web};
use actix_ws::{CloseCode, CloseReason, Message, MessageStream, Session};
use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use siteward_devices::tunnel::websocket::{Halves, KeepAlive, MOST_MESSAGE, WebSocketIo};
use siteward_devices::tunnel::{self, Inbound, Mux, Side};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::PollSender;

use crate::error::{ApiError, codes};
use crate::platform::Platform;

/// Messages that wait in either direction.
const WAITING: usize = 16;

/// Whether a request asks for a WebSocket at all.
pub(super) fn is_asked_for(request: &HttpRequest) -> Result<(), ApiError> {
    let upgrade = request.headers().get("Upgrade").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if upgrade.eq_ignore_ascii_case("websocket") { Ok(()) } else { Err(ApiError::new(codes::WEBSOCKET_NEEDED)) }
}

/// Opens the WebSocket: the answer to the request, and the tunnel in it, which runs on the runtime of the process.
pub(super) fn open(
    request: &HttpRequest,
    payload: web::Payload,
    platform: &Platform,
    side: Side,
) -> Result<(HttpResponse, Mux, Inbound), ApiError> {
    let opened = actix_ws::handle(request, payload);
    let (answer, session, stream) = opened.map_err(|_| ApiError::new(codes::WEBSOCKET_NEEDED))?;
    let (to_tunnel, incoming) = mpsc::channel(WAITING);
    let (outgoing, from_tunnel) = mpsc::channel(WAITING);
    rt::spawn(carry(session, stream.max_frame_size(MOST_MESSAGE), to_tunnel, from_tunnel));
    let messages = Halves {
        stream: ReceiverStream::new(incoming).map(io::Result::Ok),
        sink: PollSender::new(outgoing).sink_map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe)),
    };
    let _runtime = platform.runtime.enter();
    let (mux, inbound) = tunnel::start(WebSocketIo::new(messages, KeepAlive::SERVER), side);
    Ok((answer, mux, inbound))
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

/// How long the other side is silent is watched by the tunnel, for which an empty message is a sign of life.
async fn receive(
    mut stream: MessageStream,
    mut session: Session,
    to_tunnel: mpsc::Sender<Bytes>,
) -> Option<CloseReason> {
    loop {
        match stream.recv().await {
            Some(Ok(Message::Binary(bytes))) => to_tunnel.send(bytes).await.ok()?,
            Some(Ok(Message::Ping(bytes))) => {
                session.pong(&bytes).await.ok()?;
                to_tunnel.send(Bytes::new()).await.ok()?;
            }
            Some(Ok(Message::Pong(_))) => to_tunnel.send(Bytes::new()).await.ok()?,
            Some(Ok(Message::Nop)) => {}
            // Text and pieces of messages are nothing that an agent sends.
            Some(Ok(Message::Text(_) | Message::Continuation(_))) => return Some(CloseCode::Unsupported.into()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
        }
    }
}

async fn send(mut session: Session, mut from_tunnel: mpsc::Receiver<Bytes>) {
    while let Some(bytes) = from_tunnel.recv().await {
        let sent = if bytes.is_empty() { session.ping(&[]).await } else { session.binary(bytes).await };
        if sent.is_err() {
            return;
        }
    }
}
