package io.carillon.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Reads an event stream from a plain socket, line by line as it comes, the lengths of HTTP's chunks
 * among them (they look like no field). Thread-safe; closing breaks it off.
 */
public final class StreamReader implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SMALL = 4_096;
  private static final InstantSource CLOCK = InstantSource.system();

  private final Socket socket;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private volatile boolean ended;
  private volatile String lastId = "";

  /**
   * An event.
   *
   * @param id where to go on from
   * @param at when it was here
   */
  public record Heard(Instant at, String id, String event, JsonNode json) {
    public String job() {
      return json.at("/job/id").asText();
    }
  }

  private StreamReader(Socket socket) {
    this.socket = socket;
  }

  /**
   * @param headers lines without their ends
   */
  public static StreamReader open(int port, String path, String... headers) throws IOException {
    StreamReader reader = ask(new Socket(), port, path, headers);
    Thread thread = new Thread(reader::run, "stream-reader");
    thread.setDaemon(true);
    thread.start();
    return reader;
  }

  /** One that has asked and does not read, nor does its system for it. */
  public static StreamReader deaf(int port, String path, String... headers) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(SMALL);
    return ask(socket, port, path, headers);
  }

  private static StreamReader ask(Socket socket, int port, String path, String... headers)
      throws IOException {
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    String request =
        "GET "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + port
            + "\r\n"
            + String.join("", List.of(headers).stream().map(line -> line + "\r\n").toList())
            + "\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return new StreamReader(socket);
  }

  private void run() {
    String event = "";
    String data = "";
    try {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
        if (line.startsWith("id: ")) {
          lastId = line.substring(4);
        } else if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        } else if (line.isEmpty() && !data.isEmpty()) {
          heard.add(new Heard(CLOCK.instant(), lastId, event, JSON.readTree(data)));
          data = "";
        }
      }
    } catch (IOException closed) {
      lines.add(String.valueOf(closed.getMessage()));
    }
    ended = true;
  }

  /** Everything so far, headers included. */
  public List<String> lines() {
    return lines;
  }

  public List<Heard> heard() {
    return heard;
  }

  /** What it was told of a job. */
  public List<Heard> of(String job) {
    return heard.stream().filter(one -> one.job().equals(job)).toList();
  }

  public boolean isWelcome() {
    return !heard.isEmpty() && heard.get(0).event().equals("welcome");
  }

  public String lastId() {
    return lastId;
  }

  /** The first line of the answer; null before it is there. */
  public @Nullable String status() {
    return lines.isEmpty() ? null : lines.get(0);
  }

  public boolean hasEnded() {
    return ended;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
