package io.carillon.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.carillon.calendar.CalendarBook;
import io.carillon.config.ApiConfig;
import io.carillon.config.HttpConfig;
import io.carillon.config.KeysConfig;
import io.carillon.events.EventFeed;
import io.carillon.execution.Followed;
import io.carillon.idempotency.IdempotencyKeys;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.metrics.Metrics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The HTTP server on a free port, over ports in memory, with a clock that stands still. */
final class ApiRig implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  final AtomicReference<Instant> time = new AtomicReference<>(NOW);
  final InstantSource clock = time::get;
  final FakeScheduler engine = new FakeScheduler(clock);
  final FakeRuns runs = new FakeRuns(engine);
  final FakeQueues queues = new FakeQueues(clock);
  final FakeLetters letters = new FakeLetters(engine);
  final FakeBreakers breakers = new FakeBreakers(clock);
  final FakeTasks tasks = new FakeTasks(clock);
  final FakeSecrets secrets = new FakeSecrets(clock);
  final FakeHealth health = new FakeHealth();
  final FakeEventFeed events = new FakeEventFeed();
  final Metrics metrics = new Metrics();
  final HttpServer server;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private ApiRig(Settings settings) {
    server =
        new HttpServer(
            new HttpConfig("127.0.0.1", settings.port, List.of("carillon.test")),
            new ApiConfig(settings.rate, 1 << 20, 8 << 20),
            new KeysConfig(settings.keys),
            new ApiPorts(
                engine,
                engine.queries,
                engine.queries,
                Followed.Reader.NONE,
                letters,
                letters,
                runs.ports(),
                new FakeLedgers(engine),
                queues,
                breakers,
                tasks,
                secrets,
                new FakeTargetRules(secrets),
                settings.calendars == null ? new FakeCalendarBook(clock) : settings.calendars,
                settings.idempotency,
                settings.feed == null ? events : settings.feed,
                health,
                metrics,
                clock),
            settings.writesInFlight);
    server.start();
  }

  /** What a test may want otherwise. */
  static final class Settings {
    private List<String> keys = List.of();
    private int port;
    private int rate;
    private int writesInFlight = 512;
    private IdempotencyKeys idempotency = new FakeIdempotencyKeys();
    private @Nullable CalendarBook calendars;
    private @Nullable EventFeed feed;

    Settings keys(String... names) {
      keys = List.of(names);
      return this;
    }

    Settings rate(int perSecond) {
      rate = perSecond;
      return this;
    }

    Settings writesInFlight(int most) {
      writesInFlight = most;
      return this;
    }

    Settings idempotency(IdempotencyKeys store) {
      idempotency = store;
      return this;
    }

    Settings events(EventFeed live) {
      feed = live;
      return this;
    }

    Settings calendars(CalendarBook book) {
      calendars = book;
      return this;
    }

    ApiRig start() {
      return new ApiRig(this);
    }
  }

  static Settings with() {
    return new Settings();
  }

  static ApiRig start() {
    return with().start();
  }

  /** What a second server says of a port that is taken. */
  static String problemOfStartingAgain(int port) {
    Settings settings = new Settings();
    settings.port = port;
    try (ApiRig second = new ApiRig(settings)) {
      throw new AssertionError("listens twice: " + second.server.port());
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** An answer. */
  record Answer(int status, Map<String, List<String>> headers, String body) {
    JsonNode json() {
      try {
        return MAPPER.readTree(body);
      } catch (IOException e) {
        throw new AssertionError("not JSON: " + body, e);
      }
    }

    String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> String.join(", ", header.getValue()))
          .findFirst()
          .orElse("");
    }

    /** {@code 422 code pointer}, of the first fault. */
    String fault() {
      JsonNode problem = json();
      String pointer = problem.path("errors").path(0).path("pointer").asText();
      return (status + " " + problem.path("code").asText() + " " + pointer).strip();
    }
  }

  Answer get(String path, String... headers) {
    return send("GET", path, null, headers);
  }

  Answer post(String path, String json, String... headers) {
    return send("POST", path, json, headers);
  }

  Answer send(String method, String path, String json, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
    request.method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
    if (json != null && !List.of(headers).contains("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers().map(), response.body());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The job as the engine has it. */
  Job job(String id) {
    return engine.stored.get(JobId.of(id)).job();
  }

  /** When the job of an answer fires next. */
  Instant nextOf(Answer made) {
    return engine.stored.get(JobId.of(made.json().get("job_id").asText())).nextFireTime();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  @Override
  public void close() {
    server.close();
    metrics.close();
  }

  /** Well, until told otherwise. */
  static final class FakeHealth implements HealthSource {
    volatile Check live = Check.WELL;
    volatile Check ready = Check.WELL;

    @Override
    public Check live() {
      return live;
    }

    @Override
    public Check ready() {
      return ready;
    }

    @Override
    public Map<String, Object> details() {
      return Map.of("node", "node-1");
    }
  }
}
