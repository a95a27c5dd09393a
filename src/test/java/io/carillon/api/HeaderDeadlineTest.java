package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HeaderDeadlineTest {
  private static final Duration PATIENCE = Duration.ofMillis(400);

  private final Server server = new Server();
  private final CountDownLatch never = new CountDownLatch(1);
  private Socket client;

  @BeforeEach
  void listen() throws Exception {
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.addBean(new HeaderDeadline(PATIENCE, connector.getScheduler()));
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws InterruptedException {
            if (request.getHttpURI().getPath().equals("/long")) {
              never.await(PATIENCE.toMillis() * 4, TimeUnit.MILLISECONDS);
            }
            callback.succeeded();
            return true;
          }
        });
    server.start();
    client = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
    client.setSoTimeout(100);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.stop();
  }

  @Test
  void headers_that_come_byte_by_byte_end_their_connection() throws Exception {
    send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(answeredWithin(2_000)).isTrue();
    send("GET / HTTP/1.1\r\nHost: x\r\n");
    assertThat(closedWhileDripping(5_000)).isTrue();
  }

  @Test
  void a_request_in_work_is_left_alone() throws Exception {
    send("GET /long HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(answeredWithin(PATIENCE.toMillis() * 8)).isTrue();
  }

  @Test
  void a_connection_that_is_kept_in_silence_stays_open() throws Exception {
    send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(answeredWithin(2_000)).isTrue();
    assertThat(answeredWithin(PATIENCE.toMillis() * 3)).isFalse();
    send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(answeredWithin(2_000)).isTrue();
  }

  private void send(String text) throws IOException {
    OutputStream out = client.getOutputStream();
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /** Whether an answer, all of it at once, comes in so many milliseconds. */
  private boolean answeredWithin(long millis) throws IOException {
    for (long begin = System.nanoTime(); System.nanoTime() - begin < millis * 1_000_000; ) {
      try {
        return client.getInputStream().read(new byte[8192]) > 0;
      } catch (SocketTimeoutException notYet) {
        assertThat(client.isClosed()).isFalse();
      }
    }
    return false;
  }

  private boolean closedWhileDripping(long millis) {
    for (long begin = System.nanoTime(); System.nanoTime() - begin < millis * 1_000_000; ) {
      try {
        send("X: y\r\n");
        int first = client.getInputStream().read();
        assertThat(first).as("closed without an answer").isNegative();
        return true;
      } catch (SocketTimeoutException notYet) {
        assertThat(client.isClosed()).isFalse();
      } catch (IOException reset) {
        return true;
      }
    }
    return false;
  }
}
