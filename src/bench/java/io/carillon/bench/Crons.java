package io.carillon.bench;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TimeZone;
import org.quartz.CronScheduleBuilder;
import org.quartz.TriggerBuilder;

/**
 * Recurring jobs: very many that fall due at one minute boundary, with fresh one-time jobs created
 * meanwhile, and many that fire every second.
 */
final class Crons implements Mode {
  private static final int EVERY_SECOND = 1_000;
  private static final int STOCK = 2_000;
  private static final Duration LIMIT = Duration.ofSeconds(240);
  private static final Duration IN_TIME = Duration.ofSeconds(40);
  private static final Duration POLL = Duration.ofMillis(250);

  @Override
  public Map<String, Object> run(Stage stage) {
    Map<String, Object> last = new LinkedHashMap<>();
    stage.page().row("", "crons", "fired/s", "last after s", "fresh jobs", "fresh max ms");
    if (stage.options().stock()) {
      stock(stage, last);
    }
    if (stage.options().carillon()) {
      CarillonNodes nodes = CarillonNodes.start(stage, stage.options().number("nodes", 1));
      new Burst(stage, nodes, null).warmUp(5_000).remark(stage.page(), "carillon, warm-up");
      ZoneId zone = ZoneId.of(stage.options().text("zone", "UTC"));
      boundary(stage, nodes, stage.options().number("jobs", 100_000), zone, last);
      everySecond(stage, nodes, zone, last);
      nodes.require(stage);
      stage.strike(nodes);
    }
    stage.page().table();
    if (last.get("carillon") instanceof Number ours && last.get("stock") instanceof Number stock) {
      last.put("ratio", Median.rounded(ours.doubleValue() / stock.doubleValue(), 1));
    }
    return last;
  }

  /** The minute boundary by which so many will have been created at that rate. */
  private static ZonedDateTime boundary(int jobs, double perSecond) {
    Instant created = Pause.now().plusMillis(5_000 + (long) (1_600.0 * jobs / perSecond));
    return created.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
  }

  private static String daily(ZonedDateTime boundary) {
    return "0 " + boundary.getMinute() + " " + boundary.getHour() + " * * ?";
  }

  /** In a zone with clock changes also in the hour of most of them: no plain cron trigger. */
  private static String daily(ZonedDateTime boundary, ZoneId zone) {
    ZonedDateTime local = boundary.withZoneSameInstant(zone);
    return zone.getRules().isFixedOffset() || local.getHour() == 2
        ? daily(local)
        : "0 " + local.getMinute() + " 2," + local.getHour() + " * * ?";
  }

  private static void stock(Stage stage, Map<String, Object> last) {
    StockNodes nodes = StockNodes.start(stage, StockSettings.BEST, 1);
    nodes.burst(1_000).remark(stage.page(), "stock, warm-up");
    int jobs = stage.options().number("stock-jobs", STOCK);
    nodes.tell("standby");
    nodes.tell("forget");
    ZonedDateTime boundary = boundary(jobs, 300);
    CronScheduleBuilder daily =
        CronScheduleBuilder.cronSchedule(daily(boundary)).inTimeZone(TimeZone.getTimeZone("UTC"));
    Slices.Created created =
        nodes.maker().bulk(jobs, n -> TriggerBuilder.newTrigger().withSchedule(daily).build(), 1);
    stage.checks().that(Pause.now().isBefore(boundary.toInstant()), "stock: crons created late");
    Pause.until(boundary.toInstant().minusMillis(1_000));
    DrainFigures figures = nodes.drain(jobs, boundary.toInstant(), created.rate());
    figures.remark(stage.page(), "stock, crons at one instant");
    stage.page().row("stock", jobs, figures.rate(), figures.lateness().max() / 1000.0, "", "");
    last.put("stock", Math.round(figures.rate()));
    last.put("stock_crons", jobs);
    stage.strike(nodes);
  }

  private static void boundary(
      Stage stage, CarillonNodes nodes, int jobs, ZoneId zone, Map<String, Object> last) {
    JobMaker maker = new JobMaker(nodes.ports(), n -> Drain.NOOP, true);
    ZonedDateTime boundary = boundary(jobs, 2_000);
    String schedule = cron(daily(boundary, zone), zone);
    Slices.Created created = maker.create(n -> schedule, jobs, Burst.CALLERS, Burst.BATCH);
    stage.page().remark("carillon: %,d crons created, %,.0f/s", jobs, created.rate());
    Instant due = boundary.toInstant();
    stage.checks().that(Pause.now().isBefore(due), "carillon: crons created late");
    Pause.until(due.minusMillis(500));
    Reading before = Reading.take(stage.database(), nodes.pids());
    Pause.until(due);
    FreshJobs fresh =
        FreshJobs.createWhile(nodes.ports().get(0), () -> !fired(stage, nodes, due), LIMIT);
    boolean all = Pause.until(() -> fired(stage, nodes, due), POLL, Duration.ofSeconds(1));
    Pause.of(Duration.ofSeconds(2));
    Reading used = Reading.take(stage.database(), nodes.pids()).since(before);
    stage.checks().that(all, "carillon: crons left after " + LIMIT);
    String schema = nodes.schema().name();
    Ran ran = Ran.read(stage.database(), schema, due.toEpochMilli(), due.toEpochMilli());
    ran.require(stage.checks(), jobs);
    Ran oneTime =
        Ran.read(stage.database(), schema, due.toEpochMilli() + 1, due.toEpochMilli() + 3_600_000);
    oneTime.require(stage.checks(), fresh.created());
    double seconds = (ran.last() - due.toEpochMilli()) / 1000.0;
    stage
        .checks()
        .that(seconds <= IN_TIME.toSeconds(), "carillon: the last cron after " + seconds + " s");
    stage.checks().that(oneTime.lateness().max() <= 2_000, "carillon: a fresh job was late");
    DrainFigures figures =
        new DrainFigures(jobs, jobs / seconds, ran.lateness(), created.rate(), used);
    figures.remark(stage.page(), "carillon, crons at one instant");
    stage
        .page()
        .row("carillon", jobs, figures.rate(), seconds, fresh.created(), oneTime.lateness().max());
    last.put("carillon", Math.round(figures.rate()));
    last.put("carillon_crons", jobs);
    last.put("last_after_s", Median.rounded(seconds, 1));
    last.put("statements_per_cron", Median.rounded(figures.statementsPerJob(), 3));
    last.put("fresh_max_ms", oneTime.lateness().max());
    last.put("fresh_create_max_ms", fresh.slowestMillis());
  }

  private static boolean fired(Stage stage, CarillonNodes nodes, Instant due) {
    return stage
            .database()
            .number(
                """
                SELECT
                  (SELECT COUNT(*) FROM %1$s.QRTZ_TRIGGERS
                    WHERE SCHED_NAME = 'carillon' AND NEXT_FIRE_TIME = %2$d)
                  + (SELECT COUNT(*) FROM %1$s.QRTZ_FIRED_TRIGGERS)
                """
                    .formatted(nodes.schema().name(), due.toEpochMilli()))
        == 0;
  }

  private static void everySecond(
      Stage stage, CarillonNodes nodes, ZoneId zone, Map<String, Object> last) {
    int seconds = stage.options().number("seconds", 30);
    JobMaker maker = new JobMaker(nodes.ports(), n -> Drain.NOOP, true);
    maker.create(n -> cron("* * * * * ?", zone), EVERY_SECOND, Burst.CALLERS, Burst.BATCH);
    Instant from = Pause.now().plusSeconds(4).truncatedTo(ChronoUnit.SECONDS);
    Instant to = from.plusSeconds(seconds - 1);
    Pause.until(from.minusMillis(200));
    Reading before = Reading.take(stage.database(), nodes.pids());
    Pause.until(to.plusMillis(800));
    Reading used = Reading.take(stage.database(), nodes.pids()).since(before);
    Pause.of(Duration.ofSeconds(3));
    Ran ran =
        Ran.read(stage.database(), nodes.schema().name(), from.toEpochMilli(), to.toEpochMilli());
    int expected = EVERY_SECOND * seconds;
    stage
        .checks()
        .that(
            ran.succeeded() == expected && ran.rows() == expected && ran.jobs() == EVERY_SECOND,
            "carillon: every second: " + ran.succeeded() + " of " + expected + " in " + ran.rows());
    stage.checks().that(ran.lateness().min() >= 0, "carillon: a cron fired early");
    stage
        .page()
        .remark(
            "carillon: %,d crons every second for %d s: p50 %d ms, p99 %d ms, max %d ms; per firing"
                + " %.3f statements",
            EVERY_SECOND,
            seconds,
            ran.lateness().p50(),
            ran.lateness().p99(),
            ran.lateness().max(),
            (double) used.statements() / expected);
    last.put("every_second_p99_ms", ran.lateness().p99());
    last.put("every_second_max_ms", ran.lateness().max());
    last.put("every_second_statements", Median.rounded((double) used.statements() / expected, 3));
  }

  private static String cron(String text, ZoneId zone) {
    return "{\"type\":\"cron\",\"cron\":\"%s\",\"timeZone\":\"%s\"}".formatted(text, zone);
  }
}
