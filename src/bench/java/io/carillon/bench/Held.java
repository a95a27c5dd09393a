package io.carillon.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a limited queue with a long backlog costs all others: the drain of jobs without limits, and
 * the statements of nodes with nothing else to do, before it is filled, while nothing of it may go,
 * while it goes at a rate, and after it is empty. Ours only.
 */
final class Held implements Mode {
  static final String QUEUE = "narrow";
  private static final String IN_QUEUE = ",\"queue\":\"" + QUEUE + "\"";
  private static final Duration SETTLE = Duration.ofSeconds(20);
  private static final Duration MEASURE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofMinutes(3);

  @Override
  public Map<String, Object> run(Stage stage) {
    Options options = stage.options();
    int jobs = options.number("jobs", 30_000);
    int held = options.number("backlog", 10_000);
    CarillonNodes nodes = CarillonNodes.start(stage, options.number("nodes", 3));
    Burst burst = new Burst(stage, nodes, null);
    List<DrainFigures> free = new ArrayList<>(Warm.carillon(stage, burst, "no backlog", jobs));
    double idle = idle(stage, nodes);

    HangingTarget target = stage.set(HangingTarget.open());
    set(nodes, "{\"concurrency\":1}");
    fill(stage, nodes, target, held);
    double idleHeld = idle(stage, nodes);
    List<DrainFigures> beside = Warm.repeat(stage, "beside a full queue", () -> burst.run(jobs));
    require(stage, nodes, held - 1);

    set(nodes, "{\"rate\":{\"permits\":50,\"per\":\"PT1S\"}}");
    List<DrainFigures> going = Warm.repeat(stage, "beside one that goes", () -> burst.run(jobs));
    stage.checks().that(waiting(stage, nodes) > 0, "the queue was empty before the end");

    set(nodes, "{\"concurrency\":2000}");
    stage.strike(target);
    stage.checks().that(Pause.until(() -> waiting(stage, nodes) == 0, POLL, LONGEST), "left held");
    free.addAll(Warm.repeat(stage, "no backlog any more", () -> burst.run(jobs)));

    DrainFigures.head(stage.page());
    DrainFigures.rows(stage.page(), "no backlog", free);
    DrainFigures.rows(stage.page(), "beside " + held + " held", beside);
    DrainFigures.rows(stage.page(), "beside " + held + " at 50/s", going);
    stage.page().table();
    nodes.require(stage);
    stage.strike(nodes);
    double rate = Median.of(free, DrainFigures::rate);
    Map<String, Object> last = new LinkedHashMap<>();
    last.put("nodes", options.number("nodes", 3));
    last.put("held", held);
    last.put("free", Math.round(rate));
    last.put("beside_held", Math.round(Median.of(beside, DrainFigures::rate)));
    last.put("beside_going", Math.round(Median.of(going, DrainFigures::rate)));
    last.put("kept_held", Median.rounded(Median.of(beside, DrainFigures::rate) / rate, 2));
    last.put("kept_going", Median.rounded(Median.of(going, DrainFigures::rate) / rate, 2));
    last.put("idle_statements_per_s", Median.rounded(idle, 1));
    last.put("idle_statements_per_s_held", Median.rounded(idleHeld, 1));
    last.put("runs", options.runs());
    return last;
  }

  /** One that never ends, and behind it so many that wait. */
  private static void fill(Stage stage, CarillonNodes nodes, HangingTarget target, int held) {
    Instant due = Instant.ofEpochMilli(Pause.now().toEpochMilli());
    String first = target.json();
    new JobMaker(nodes.ports(), n -> first + IN_QUEUE, true).at(n -> due, 1, 1, 2);
    boolean begun = Pause.until(() -> target.isCalled(), POLL, LONGEST);
    stage.checks().that(begun, "the first was not called");
    new JobMaker(nodes.ports(), n -> Drain.NOOP + IN_QUEUE, true)
        .at(n -> due, held - 1, Burst.CALLERS, Burst.BATCH);
    boolean all = Pause.until(() -> waiting(stage, nodes) == held - 1, POLL, LONGEST);
    stage.checks().that(all, "not all are held");
  }

  private static void set(CarillonNodes nodes, String settings) {
    try (HttpLine line = new HttpLine(nodes.ports().get(0))) {
      HttpLine.Answer answer = line.put("/api/v1/queues/" + QUEUE, settings);
      if (answer.status() / 100 != 2) {
        throw new BenchFault("Setting the queue: " + answer.status() + " " + answer.body());
      }
    }
  }

  private static void require(Stage stage, CarillonNodes nodes, int held) {
    long there = waiting(stage, nodes);
    stage.checks().that(there == held, "held are " + there + " of " + held);
  }

  private static long waiting(Stage stage, CarillonNodes nodes) {
    return stage.database().number("SELECT COUNT(*) FROM %s.held".formatted(nodes.schema().name()));
  }

  private static double idle(Stage stage, CarillonNodes nodes) {
    Pause.of(SETTLE);
    long begin = System.nanoTime();
    Reading before = Reading.take(stage.database(), nodes.pids());
    Pause.of(MEASURE);
    Reading used = Reading.take(stage.database(), nodes.pids()).since(before);
    double rate = used.statements() / ((System.nanoTime() - begin) / 1e9);
    stage.page().remark("idle: %.1f statements a second of all nodes", rate);
    return rate;
  }

  /** A target that takes a call and never answers; closing it breaks the call off. */
  private static final class HangingTarget implements AutoCloseable {
    private final ServerSocket listener;
    private volatile boolean called;

    private HangingTarget(ServerSocket listener) {
      this.listener = listener;
    }

    static HangingTarget open() {
      try {
        HangingTarget target =
            new HangingTarget(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(target::take, "bench-hanging-target");
        thread.setDaemon(true);
        thread.start();
        return target;
      } catch (IOException fault) {
        throw new UncheckedIOException(fault);
      }
    }

    private void take() {
      try (Socket call = listener.accept()) {
        called = true;
        // Its end is the caller's, or ours.
        listener.accept().close();
      } catch (IOException closed) {
        // The run is over.
      }
    }

    boolean isCalled() {
      return called;
    }

    String json() {
      return "{\"type\":\"http\",\"url\":\"http://127.0.0.1:%d/\",\"method\":\"POST\",\"timeout\":\"PT10M\"}"
          .formatted(listener.getLocalPort());
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
