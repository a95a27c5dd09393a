package io.carillon;

import io.carillon.api.ApiPorts;
import io.carillon.api.HttpServer;
import io.carillon.calendar.CalendarChanges;
import io.carillon.calendar.StoredCalendars;
import io.carillon.config.Configuration;
import io.carillon.config.DrainConfig;
import io.carillon.db.Database;
import io.carillon.db.DatabaseStartup;
import io.carillon.db.DatabaseUnusableException;
import io.carillon.execution.Executions;
import io.carillon.execution.Followed;
import io.carillon.execution.Ledgers;
import io.carillon.history.ExecutionQueries;
import io.carillon.history.JobQueries;
import io.carillon.history.Partitions;
import io.carillon.idempotency.StoredIdempotencyKeys;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobScheduler;
import io.carillon.job.Jobs;
import io.carillon.job.Queues;
import io.carillon.job.Tasks;
import io.carillon.metrics.Metrics;
import io.carillon.quartz.Engine;
import io.carillon.task.StoredTasks;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: builds every part from the configuration, starts them in order and stops
 * them in the reverse one. The API listens first and answers 503 until the database is there.
 * {@link #start} once; {@link #stop} from any thread, at any time, also more than once.
 */
final class Server {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  private final Configuration configuration;
  private final boolean demo;
  private final InstantSource clock = InstantSource.system();
  private final Metrics metrics = new Metrics();
  private final Health health = new Health(clock);
  private final Reporting reporting;
  private final Outbound outbound;
  private final Late<JobScheduler> scheduler = new Late<>(JobScheduler.class);
  private final Late<Jobs> jobs = new Late<>(Jobs.class);
  private final Late<Executions> executions = new Late<>(Executions.class);
  private final Late<Followed.Reader> followed = new Late<>(Followed.Reader.class);
  private final Letters letters = new Letters();
  private final Late<Queues> queues = new Late<>(Queues.class);
  private final Circuits circuits = new Circuits();
  private final Late<Tasks> tasks = new Late<>(Tasks.class);
  private final Late<Ledgers> ledgers = new Late<>(Ledgers.class);
  private final Duties duties = new Duties();
  private final Live live;
  private final StoredIdempotencyKeys idempotency;
  private final StoredCalendars calendars;
  private final HttpServer http;
  private final DatabaseStartup opening;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private volatile @Nullable Database database;
  private volatile @Nullable Engine engine;
  private volatile @Nullable Demo demonstration;
  private volatile boolean stopping;

  /** One line for the operator. */
  static final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int exitCode;

    CannotStart(String line, int exitCode, @Nullable Throwable cause) {
      super(line, cause);
      this.exitCode = exitCode;
    }

    int exitCode() {
      return exitCode;
    }
  }

  Server(Configuration configuration, boolean demo) {
    this.configuration = configuration;
    this.demo = demo;
    this.live = new Live(metrics, configuration.events().readers(), clock);
    this.reporting = new Reporting(this::present, live::sink, clock);
    this.outbound =
        new Outbound(configuration, () -> present().dataSource(), reporting.tokens(), clock);
    this.idempotency = new StoredIdempotencyKeys(() -> present().dataSource(), clock);
    this.calendars = new StoredCalendars(() -> present().dataSource(), clock);
    this.opening = new DatabaseStartup(() -> Database.open(configuration.database()), clock);
    this.http =
        new HttpServer(
            configuration.http(),
            configuration.api(),
            configuration.keys(),
            new ApiPorts(
                scheduler.port(),
                jobs.port(),
                executions.port(),
                followed.port(),
                letters.letters(),
                letters.redrives(),
                reporting.ports(),
                ledgers.port(),
                queues.port(),
                circuits.port(),
                tasks.port(),
                outbound.secrets().vault(),
                outbound.rules(),
                calendars,
                idempotency,
                live.feed(),
                health,
                metrics,
                clock));
  }

  private Database present() {
    Database open = database;
    if (open == null) {
      throw new StoreUnavailable("the database is not there yet", null);
    }
    return open;
  }

  /** Starts everything; returns when jobs fire. Waits for the database as long as it takes. */
  void start() throws InterruptedException {
    LOG.info("Carillon {} starts, configured by {}", Version.current(), configuration.source());
    configuration.warnings().forEach(warning -> LOG.warn("configuration: {}", warning));
    listen();
    try {
      LOG.info("HTTP listens at {}", address());
      Database open = opening.await();
      database = open;
      if (stopping) {
        open.close();
        return;
      }
      startEngine(open);
    } catch (CancellationException e) {
      LOG.info("stopped before the database was there");
    } catch (DatabaseUnusableException | SQLException e) {
      stop();
      throw new CannotStart(e.getMessage(), e instanceof DatabaseUnusableException ? 2 : 1, e);
    } catch (IllegalStateException e) {
      stop();
      throw new CannotStart(e.getMessage(), 1, e);
    }
  }

  private void listen() {
    try {
      http.start();
    } catch (IllegalStateException e) {
      throw new CannotStart(e.getMessage(), 1, e);
    }
  }

  private void startEngine(Database open) throws SQLException {
    outbound.secrets().start(duties);
    new Partitions(open.dataSource(), clock).runOnce();
    SpecCodec codec = new SpecCodec();
    Engine started =
        new EngineMaking(configuration, outbound, circuits, live, calendars, metrics, clock)
            .make(open, codec, address());
    engine = started;
    live.start(started);
    reporting.open(open, started);
    circuits.start(started);
    started.start();
    scheduler.arrive(started.jobs());
    JobQueries queries = new JobQueries(open.dataSource(), codec, started.nextFires());
    jobs.arrive(queries);
    queues.arrive(started.queues());
    executions.arrive(new ExecutionQueries(open.dataSource()));
    followed.arrive(FollowUp.start(configuration, open, started, duties));
    letters.arrive(open, started, metrics, duties);
    tasks.arrive(new StoredTasks(open.dataSource(), codec, clock));
    ledgers.arrive(Accounting.start(configuration, open, started, calendars, metrics, duties));
    health.started(started, open.facts());
    startDuties(open, started, queries);
    if (demo) {
      if (!configuration.egress().local()) {
        LOG.warn("demo: with API keys, the demo's target needs carillon.egress.allow = 127.0.0.1");
      }
      demonstration = Demo.start(started.jobs(), http.port());
    }
    LOG.info("ready: node {} fires jobs", started.lease().instanceName());
  }

  private void startDuties(Database open, Engine started, JobQueries queries) {
    Keeping.start(configuration.history(), open, () -> started.lease().instanceName(), duties);
    duties.every(
        Duration.ofSeconds(1),
        "resuming paused jobs",
        () -> queries.pausedUntil(clock.instant()).forEach(started.jobs()::resume));
    duties.every(Duration.ofSeconds(1), "tending queues", started::tendQueues);
    Backlog.start(open, metrics, duties);
    CalendarChanges changes = new CalendarChanges(open.dataSource(), started.replanner());
    duties.every(Duration.ofSeconds(3), "planning anew by changed calendars", changes::runOnce);
  }

  private String address() {
    return "http://" + configuration.http().host() + ":" + http.port();
  }

  /** Waits until {@link #stop} has done its work. */
  void awaitStop() throws InterruptedException {
    stopped.await();
  }

  /** Stops in order; see the operations runbook. Returns when everything is closed. */
  synchronized void stop() {
    if (stopping) {
      return;
    }
    stopping = true;
    DrainConfig drain = configuration.drain();
    step("not ready any more", health::stopping);
    step("the balancer has had its time", () -> pause(drain.delay()));
    step("no new requests", http::refuseNew);
    step("not listening", http::stopAccepting);
    step("readers of events sent elsewhere", live::sendAway);
    Engine running = engine;
    if (running != null) {
      step("firing nothing new", running::hold);
      step("drained", () -> drain(running, drain.timeout()));
      step("left the cluster", running::close);
    }
    step("reports of progress written", reporting::close);
    step("duties ended", duties::close);
    step("events not read any more", live::close);
    step("breakers are not watched any more", circuits::close);
    step("HTTP closed", http::close);
    Demo sample = demonstration;
    if (sample != null) {
      step("demo target closed", sample::close);
    }
    step("targets closed", outbound::close);
    step("waiting for the database ended", opening::close);
    Database open = database;
    if (open != null) {
      step("database closed", open::close);
    }
    metrics.close();
    LOG.info("stopped");
    stopped.countDown();
  }

  private static void drain(Engine running, Duration patience) {
    try {
      int handedOver = running.drain(patience);
      if (handedOver > 0) {
        LOG.info("{} executions that still ran were handed over", handedOver);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pause(Duration length) {
    try {
      if (stopped.await(length.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("stopped meanwhile");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A step that fails must not keep the following ones from their turn. */
  private static void step(String done, Runnable step) {
    try {
      step.run();
      LOG.info("stop: {}", done);
    } catch (RuntimeException e) {
      LOG.error("stop: failed before \"{}\"", done, e);
    }
  }
}
