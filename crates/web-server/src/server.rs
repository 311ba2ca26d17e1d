//! Accepts connections, one thread each.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::ServeError;
use crate::http::{Request, Response, read_request, write_response};

/// How long a connection may be idle: browsers open connections in advance that they may never use.
const IDLE_LIMIT: Duration = Duration::from_secs(20);

/// Answers requests.
pub(crate) type Answer = dyn Fn(&Request) -> Response + Send + Sync;

/// One listening port; dropping it stops listening.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(
        listener: TcpListener,
        tls: Option<Arc<ServerConfig>>,
        answer: Arc<Answer>,
    ) -> Result<Self, ServeError> {
        let address = listener
            .local_addr()
            .map_err(|source| ServeError::io("asking for the port", source))?;
        let stopping = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopping);
        let thread = thread::Builder::new()
            .name("web server".to_owned())
            .spawn(move || accept_all(&listener, tls.as_ref(), &answer, &stop))
            .map_err(|source| ServeError::io("starting a thread", source))?;
        Ok(Self {
            address,
            stopping,
            thread: Some(thread),
        })
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        // Wakes the thread, which is waiting for a connection.
        let woken = TcpStream::connect(self.address).is_ok();
        if let Some(thread) = self.thread.take().filter(|_| woken) {
            // The thread has nothing to report.
            let _ = thread.join();
        }
    }
}

fn accept_all(
    listener: &TcpListener,
    tls: Option<&Arc<ServerConfig>>,
    answer: &Arc<Answer>,
    stop: &AtomicBool,
) {
    for stream in listener.incoming() {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let (tls, answer) = (tls.cloned(), Arc::clone(answer));
        // A failed connection is reported by the browser, which shows the reason to its user.
        thread::spawn(move || serve(stream, tls, &*answer));
    }
}

fn serve(mut stream: TcpStream, tls: Option<Arc<ServerConfig>>, answer: &Answer) -> io::Result<()> {
    stream.set_read_timeout(Some(IDLE_LIMIT))?;
    stream.set_nodelay(true)?;
    let Some(tls) = tls else {
        return respond(&mut stream, answer);
    };
    let session = ServerConnection::new(tls).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(session, stream);
    respond(&mut stream, answer)?;
    stream.conn.send_close_notify();
    stream.conn.complete_io(&mut stream.sock).map(drop)
}

fn respond(stream: &mut (impl Read + Write), answer: &Answer) -> io::Result<()> {
    let request = read_request(stream)?;
    write_response(stream, &answer(&request), &request)
}
