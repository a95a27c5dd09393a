package io.carillon.bench;

import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A cluster of stock Quartz on a schema of its own, with a maker of jobs beside it. For one thread;
 * closing ends the nodes and drops the schema.
 */
final class StockNodes implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(250);

  private final Stage stage;
  private final StockSettings settings;
  private final DatabaseServer.Schema schema;
  private final StockMaker maker;
  private final List<JavaProcess> processes = new ArrayList<>();

  private StockNodes(Stage stage, StockSettings settings) {
    this.stage = stage;
    this.settings = settings;
    this.schema = stage.database().create("bench_stock");
    StockTables.create(schema);
    this.maker = new StockMaker(schema);
  }

  /** So many nodes on empty tables, connected and standing by. */
  static StockNodes start(Stage stage, StockSettings settings, int count) {
    StockNodes nodes = stage.set(new StockNodes(stage, settings));
    for (int n = 1; n <= count; n++) {
      nodes.processes.add(nodes.launch("stock-" + settings + n));
    }
    nodes.processes.forEach(JavaProcess::hear);
    return nodes;
  }

  private JavaProcess launch(String name) {
    return stage.launch(
        name,
        true,
        List.of(
            "-Dorg.slf4j.simpleLogger.logFile=System.err",
            "-cp",
            absoluteClassPath(),
            StockNode.class.getName()),
        Map.of(
            StockNode.SETTINGS, settings.name(),
            StockNode.FURTHER, further(),
            StockNode.URL, schema.url(),
            StockNode.USER, schema.user(),
            StockNode.PASSWORD, schema.password()));
  }

  private String further() {
    return stage.options().stockSettings().entrySet().stream()
        .map(setting -> setting.getKey() + "=" + setting.getValue())
        .collect(Collectors.joining("\n"));
  }

  /** The node's working directory is another one. */
  private static String absoluteClassPath() {
    List<String> absolute = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      absolute.add(new File(entry).getAbsolutePath());
    }
    return String.join(File.pathSeparator, absolute);
  }

  StockMaker maker() {
    return maker;
  }

  List<Long> pids() {
    return processes.stream().map(JavaProcess::pid).toList();
  }

  /** Says a word to every node and waits for their answers. */
  List<String> tell(String word) {
    processes.forEach(process -> process.say(word));
    return processes.stream().map(JavaProcess::hear).toList();
  }

  int count() {
    return tell("count").stream().mapToInt(Integer::parseInt).sum();
  }

  /** What all nodes noted together. */
  StockJob.Report report() {
    return tell("report").stream()
        .map(StockJob.Report::parse)
        .reduce(StockJob.Report::and)
        .orElseThrow();
  }

  /** Stores so many one-time jobs while the nodes stand by, and lets them run, all due at once. */
  DrainFigures burst(int jobs) {
    return late(jobs, Duration.ZERO);
  }

  /** The same with jobs that have been due for so long. */
  DrainFigures late(int jobs, Duration late) {
    tell("standby");
    tell("forget");
    Instant due = Pause.now().minus(late);
    Slices.Created created = maker.bulk(jobs, n -> due);
    return drain(jobs, Pause.now(), created.rate());
  }

  /** So many one-time jobs, due one after the other. */
  SteadyFigures steady(int jobs, int perSecond) {
    tell("standby");
    tell("forget");
    Instant begin = Pause.now().plusMillis(3_000 + jobs * 5L);
    Slices.Created created = maker.bulk(jobs, n -> begin.plusMillis(1_000L * n / perSecond));
    stage.checks().that(Pause.now().isBefore(begin), "stock: jobs were not all created ahead");
    Pause.until(begin.minusMillis(1_000));
    DrainFigures figures = drain(jobs, begin, created.rate());
    return new SteadyFigures(perSecond, figures.lateness(), figures);
  }

  /** Lets what is stored run; rates count from the instant. */
  DrainFigures drain(int jobs, Instant from, double created) {
    Reading before = Reading.take(stage.database(), pids());
    tell("start");
    Duration limit = Duration.ofSeconds(60 + jobs / 15);
    boolean all = Pause.until(() -> count() >= jobs && left() == 0, POLL, limit);
    Reading used = Reading.take(stage.database(), pids()).since(before);
    StockJob.Report report = report();
    String story =
        "stock (%s): of %d jobs %d ran, %d times"
            .formatted(settings, jobs, report.ran().cardinality(), report.count());
    stage.checks().that(all && report.ran().cardinality() == jobs, story);
    if (report.count() != jobs) {
      stage.page().remark("%s", story);
    }
    double seconds = Math.max(1, Duration.between(from, report.last()).toMillis()) / 1000.0;
    return new DrainFigures(
        jobs, report.count() / seconds, Spread.of(report.lateness()), created, used);
  }

  /** One-time triggers that are there still, and whatever runs. */
  private long left() {
    return stage
        .database()
        .number(
            """
            SELECT
              (SELECT COUNT(*) FROM %1$s.QRTZ_TRIGGERS WHERE TRIGGER_TYPE = 'SIMPLE')
              + (SELECT COUNT(*) FROM %1$s.QRTZ_FIRED_TRIGGERS WHERE STATE = 'EXECUTING')
            """
                .formatted(schema.name()));
  }

  @Override
  public void close() {
    processes.forEach(stage::strike);
    maker.close();
    stage.database().drop(schema);
  }
}
