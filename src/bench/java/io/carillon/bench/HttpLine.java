package io.carillon.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One connection to a node that is kept open, and the little HTTP/1.1 that a load needs: it shares
 * the machine with what it measures, so it must cost next to nothing. For one thread; an answer is
 * waited for 60 s at most.
 */
final class HttpLine implements AutoCloseable {
  private static final int LIMIT_MILLIS = 60_000;
  private static final int LONGEST_LINE = 8_192;

  /** A status and the body as text. */
  record Answer(int status, String body) {}

  private final int port;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  HttpLine(int port) {
    this.port = port;
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(LIMIT_MILLIS);
      in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      out = socket.getOutputStream();
    } catch (IOException fault) {
      throw new BenchFault("No connection to port " + port, fault);
    }
  }

  Answer get(String path) {
    return send("GET " + path, "", "");
  }

  Answer put(String path, String body) {
    return send("PUT " + path, "", body);
  }

  Answer post(String path, String body) {
    return send("POST " + path, "", body);
  }

  /** A request that may be sent again with the same key, whatever became of it. */
  Answer post(String path, String idempotencyKey, String body) {
    return send("POST " + path, "Idempotency-Key: " + idempotencyKey + "\r\n", body);
  }

  private Answer send(String what, String headers, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        what
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + port
            + "\r\n"
            + headers
            + "Content-Type: application/json\r\nContent-Length: "
            + bytes.length
            + "\r\n\r\n";
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[start.length + bytes.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(bytes, 0, all, start.length, bytes.length);
    try {
      out.write(all);
      out.flush();
      return read();
    } catch (IOException fault) {
      throw new BenchFault(what + " at port " + port, fault);
    }
  }

  private Answer read() throws IOException {
    int status = Integer.parseInt(line().split(" ")[1]);
    int length = 0;
    boolean chunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = lower.contains("chunked");
      }
    }
    return new Answer(status, chunked ? chunks() : text(length));
  }

  private String chunks() throws IOException {
    StringBuilder body = new StringBuilder();
    for (int size = size(); size > 0; size = size()) {
      body.append(text(size));
      line();
    }
    line();
    return body.toString();
  }

  private int size() throws IOException {
    return Integer.parseInt(line().split(";")[0].strip(), 16);
  }

  private String text(int length) throws IOException {
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() > LONGEST_LINE) {
        throw new IOException("the answer broke off after '" + line + "'");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException fault) {
      throw new BenchFault("Closing a connection", fault);
    }
  }
}
