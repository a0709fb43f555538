//! A WebSocket as bytes: kept alive by pings, given up after silence, bounded in its messages.

use std::io::ErrorKind;
use std::time::Duration;

use siteward_devices::tunnel::websocket::{KeepAlive, MOST_MESSAGE, Tungstenite, WebSocketIo, tungstenite_config};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

const SOON: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_millis(600);

type Socket = WebSocketStream<DuplexStream>;

async fn sockets() -> (Socket, Socket) {
    let (client, server) = duplex(64 * 1024);
    let config = Some(tungstenite_config());
    let client = WebSocketStream::from_raw_socket(client, Role::Client, config).await;
    (client, WebSocketStream::from_raw_socket(server, Role::Server, None).await)
}

fn io(socket: Socket, ping_every: Option<Duration>) -> WebSocketIo<Tungstenite<DuplexStream>> {
    WebSocketIo::new(Tungstenite(socket), KeepAlive { ping_every, most_silence: SILENCE })
}

#[tokio::test]
async fn bytes_go_both_ways_whatever_the_messages_are() {
    let (client, server) = sockets().await;
    let (mut client, mut server) = (io(client, None), io(server, None));
    let sent: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 253) as u8).collect();
    let mut heard = vec![0; sent.len()];
    let writing = async {
        client.write_all(&sent).await.unwrap();
        client.flush().await.unwrap();
    };
    let ((), read) = tokio::join!(writing, server.read_exact(&mut heard));
    read.unwrap();
    assert!(heard == sent);
    client.shutdown().await.unwrap();
    assert_eq!(server.read(&mut [0]).await.unwrap(), 0);
}

#[tokio::test]
async fn pings_keep_a_quiet_connection_and_silence_ends_it() {
    let (client, server) = sockets().await;
    let (mut client, mut server) = (io(client, Some(SILENCE / 6)), io(server, None));
    let quiet = async { tokio::join!(client.read_u8(), server.read_u8()) };
    assert!(timeout(3 * SILENCE, quiet).await.is_err(), "pings and their answers are heard by both");
    // From here on the client is not driven any more, as if its cable were pulled.
    let error = timeout(SOON, server.read_u8()).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}

#[tokio::test]
async fn messages_that_are_too_large_or_text_end_it() {
    use futures_util::SinkExt as _;
    for message in [Message::Binary(vec![0; MOST_MESSAGE + 1].into()), Message::Text("hello".into())] {
        let (client, mut server) = sockets().await;
        tokio::spawn(async move {
            let _ = server.send(message).await;
            std::future::pending::<()>().await;
        });
        let error = timeout(SOON, io(client, None).read_u8()).await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
    }
}
