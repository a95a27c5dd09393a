package io.carillon.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How each path of the target behaves. Thread-safe.
 *
 * <ul>
 *   <li>{@code /ok} 200; {@code /echo} 200 with the request's body; {@code /status/{n}} answers n,
 *       with {@code ?retryAfter=s} also that header
 *   <li>{@code /slow?ms=} 200 after the time; {@code /hang} never answers
 *   <li>{@code /flaky?fail=n} 503 for the first n arrivals of one execution id, then 200
 *   <li>{@code /switch} 200, or 503 while this server is told to fail
 *   <li>{@code /huge?bytes=} 200 with a large body (10 MiB by default); {@code /endless} a body
 *       without an end; {@code /drip?ms=} 1,000 bytes, one each time
 *   <li>{@code /redirect?to=} 302; {@code /reset} an RST in place of an answer; {@code /bad-chunk}
 *       a chunked body with a broken length
 * </ul>
 */
final class TargetPaths {
  private static final byte[] OK = "{\"ok\":true}".getBytes(UTF_8);
  private static final byte[] FAILED = "{\"ok\":false}".getBytes(UTF_8);
  private static final int DRIPS = 1_000;

  private final Map<String, Integer> flaky = new ConcurrentHashMap<>();
  private final CountDownLatch closing;
  private volatile boolean failing;

  TargetPaths(CountDownLatch closing) {
    this.closing = closing;
  }

  /** From now on {@code /switch} fails, or does not any more. */
  void fail(boolean now) {
    failing = now;
  }

  /** One connection's two ends. */
  record Wire(Socket socket, InputStream in, OutputStream out) {}

  /** Answers, or does what the path stands for; false when the connection is of no further use. */
  boolean answer(WireRequest request, Arrival arrival, Wire wire)
      throws IOException, InterruptedException {
    String path = request.path();
    if (path.startsWith("/status/")) {
      int status = Integer.parseInt(path.substring("/status/".length()));
      String wait = request.query().get("retryAfter");
      String header = wait == null ? "" : "Retry-After: " + wait + "\r\n";
      return send(wire, request, status, header, status < 400 ? OK : FAILED);
    }
    return switch (path) {
      case "/ok" -> send(wire, request, 200, "", OK);
      case "/echo" -> send(wire, request, 200, "", request.body());
      case "/slow" -> {
        pause(request.number("ms", 1_000));
        yield send(wire, request, 200, "", OK);
      }
      case "/hang" -> hang(wire);
      case "/flaky" -> {
        int count = flaky.merge(String.valueOf(arrival.executionId()), 1, Integer::sum);
        boolean well = count > request.number("fail", 1);
        yield send(wire, request, well ? 200 : 503, "", well ? OK : FAILED);
      }
      case "/switch" -> {
        boolean well = !failing;
        yield send(wire, request, well ? 200 : 503, "", well ? OK : FAILED);
      }
      case "/huge" -> huge(wire, request.number("bytes", 10L * 1024 * 1024));
      case "/endless" -> endless(wire);
      case "/drip" -> drip(wire, request.number("ms", 100));
      case "/redirect" -> {
        String to = request.query().getOrDefault("to", "/ok");
        yield send(wire, request, 302, "Location: " + to + "\r\n", OK);
      }
      case "/reset" -> {
        wire.socket().setSoLinger(true, 0);
        yield false;
      }
      case "/bad-chunk" -> {
        head(wire, 200, "Transfer-Encoding: chunked\r\n");
        wire.out().write("5\r\nhello\r\nzz\r\nworld\r\n".getBytes(UTF_8));
        yield false;
      }
      default -> send(wire, request, 404, "", FAILED);
    };
  }

  private boolean send(Wire wire, WireRequest request, int status, String extra, byte[] body)
      throws IOException {
    boolean bodyless = status == 204 || status == 304;
    String length = bodyless ? "" : "Content-Length: " + body.length + "\r\n";
    head(wire, status, "Content-Type: application/json\r\n" + length + extra);
    if (!bodyless && !request.method().equals("HEAD")) {
      wire.out().write(body);
    }
    return !request.closesConnection();
  }

  private static void head(Wire wire, int status, String headers) throws IOException {
    String head = "HTTP/1.1 " + status + " Status\r\n" + headers + "\r\n";
    wire.out().write(head.getBytes(UTF_8));
  }

  private boolean hang(Wire wire) throws IOException {
    while (closing.getCount() > 0 && wire.in().read() >= 0) {
      // Whatever still comes is thrown away, until the caller hangs up or this server closes.
    }
    return false;
  }

  private boolean huge(Wire wire, long bytes) throws IOException {
    head(wire, 200, "Content-Length: " + bytes + "\r\n");
    byte[] block = "x".repeat(8192).getBytes(UTF_8);
    for (long left = bytes; left > 0; left -= block.length) {
      wire.out().write(block, 0, (int) Math.min(block.length, left));
    }
    return true;
  }

  private boolean endless(Wire wire) throws IOException, InterruptedException {
    head(wire, 200, "Transfer-Encoding: chunked\r\n");
    byte[] chunk = ("1000\r\n" + "x".repeat(4096) + "\r\n").getBytes(UTF_8);
    while (closing.getCount() > 0) {
      wire.out().write(chunk);
      pause(1);
    }
    return false;
  }

  private boolean drip(Wire wire, long ms) throws IOException, InterruptedException {
    head(wire, 200, "Content-Length: " + DRIPS + "\r\n");
    for (int n = 0; n < DRIPS && closing.getCount() > 0; n++) {
      wire.out().write('x');
      wire.out().flush();
      pause(ms);
    }
    return true;
  }

  /** Waits, but not longer than this server lives. */
  private void pause(long ms) throws InterruptedException {
    boolean closed = closing.await(ms, TimeUnit.MILLISECONDS);
    if (closed) {
      throw new InterruptedException("The target closes");
    }
  }
}
