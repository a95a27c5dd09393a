package io.carillon.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 request as read from a socket (RFC 9112), with at most 64 KiB of its body kept. */
record WireRequest(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body) {
  private static final int KEPT_BODY = 64 * 1024;
  private static final int LONGEST_LINE = 16 * 1024;

  String bodyText() {
    return new String(body, UTF_8);
  }

  /** The number given in the query, or the default when there is none. */
  long number(String name, long otherwise) {
    String text = query.get(name);
    return text == null ? otherwise : Long.parseLong(text);
  }

  boolean closesConnection() {
    return "close".equalsIgnoreCase(headers.getOrDefault("connection", ""));
  }

  /**
   * Reads the next request of a connection; null when the peer has closed it instead.
   *
   * @throws IOException when the peer breaks off inside a request or does not speak HTTP
   */
  static @Nullable WireRequest read(InputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    String[] parts = first.split(" ");
    if (parts.length != 3) {
      throw new IOException("Not a request line: " + first);
    }
    Map<String, String> headers = headers(in);
    int mark = parts[1].indexOf('?');
    String path = mark < 0 ? parts[1] : parts[1].substring(0, mark);
    String query = mark < 0 ? "" : parts[1].substring(mark + 1);
    return new WireRequest(parts[0], path, query(query), headers, body(in, headers));
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = required(line(in)); !line.isEmpty(); line = required(line(in))) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
      }
    }
    return headers;
  }

  private static Map<String, String> query(String text) {
    Map<String, String> query = new HashMap<>();
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
      }
    }
    return query;
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(256);
    if ("chunked".equalsIgnoreCase(headers.getOrDefault("transfer-encoding", ""))) {
      long size = chunkSize(in);
      while (size > 0) {
        copy(in, size, kept);
        required(line(in));
        size = chunkSize(in);
      }
      required(line(in));
    } else {
      copy(in, Long.parseLong(headers.getOrDefault("content-length", "0")), kept);
    }
    return kept.toByteArray();
  }

  private static long chunkSize(InputStream in) throws IOException {
    return Long.parseLong(required(line(in)).split(";")[0].trim(), 16);
  }

  private static void copy(InputStream in, long length, ByteArrayOutputStream kept)
      throws IOException {
    byte[] buffer = new byte[8192];
    long left = length;
    while (left > 0) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new EOFException("The body broke off, " + left + " bytes missing");
      }
      kept.write(buffer, 0, Math.min(count, KEPT_BODY - Math.min(KEPT_BODY, kept.size())));
      left -= count;
    }
  }

  private static String required(@Nullable String line) throws EOFException {
    if (line == null) {
      throw new EOFException("The request broke off");
    }
    return line;
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    int next = in.read();
    if (next < 0) {
      return null;
    }
    while (next >= 0 && next != '\n') {
      if (next != '\r') {
        line.write(next);
      }
      if (line.size() > LONGEST_LINE) {
        throw new IOException("A line of more than " + LONGEST_LINE + " bytes");
      }
      next = in.read();
    }
    return line.toString(ISO_8859_1);
  }
}
