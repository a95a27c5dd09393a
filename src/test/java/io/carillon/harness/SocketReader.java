package io.carillon.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A WebSocket client that keeps what it is told. Thread-safe; closing breaks it off. */
public final class SocketReader implements WebSocket.Listener, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private static final InstantSource CLOCK = InstantSource.system();

  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private final StringBuilder part = new StringBuilder();
  private final boolean reads;
  private volatile @Nullable String end;
  private volatile @Nullable WebSocket socket;

  /**
   * A message.
   *
   * @param at when it was here
   */
  public record Heard(Instant at, JsonNode json) {
    public String event() {
      return json.path("event").asText();
    }

    public String job() {
      return json.at("/job/id").asText();
    }
  }

  private SocketReader(boolean reads) {
    this.reads = reads;
  }

  /**
   * @param headers names and values
   */
  public static SocketReader open(int port, String path, String... headers) {
    return new SocketReader(true).connect(port, path, headers);
  }

  /** One that never reads. */
  public static SocketReader deaf(int port, String path) {
    return new SocketReader(false).connect(port, path);
  }

  /** The status of an upgrade that is refused. */
  public static int refusal(int port, String path, String... headers) {
    try (SocketReader reader = open(port, path, headers)) {
      throw new AssertionError("was upgraded: " + reader.heard());
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  private SocketReader connect(int port, String path, String... headers) {
    WebSocket.Builder builder = CLIENT.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(5));
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + path), this).join();
    return this;
  }

  @Override
  public void onOpen(WebSocket opened) {
    if (reads) {
      opened.request(1);
    }
  }

  /** Reads on, or begins to. */
  public void read() {
    WebSocket open = socket;
    if (open != null) {
      open.request(Long.MAX_VALUE);
    }
  }

  /** Returns when it is said, or the other side has closed and does not listen any more. */
  public void say(String text) {
    WebSocket open = socket;
    if (open != null) {
      open.sendText(text, true).handle((said, closed) -> said).join();
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    part.append(data);
    if (last) {
      try {
        heard.add(new Heard(CLOCK.instant(), JSON.readTree(part.toString())));
      } catch (IOException e) {
        end = "not JSON: " + part;
      }
      part.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    end = code + " " + reason;
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    end = String.valueOf(error);
  }

  /** Everything so far. */
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

  /** Code and reason, or what went wrong; null while it is open. */
  public @Nullable String end() {
    return end;
  }

  @Override
  public void close() {
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
  }
}
