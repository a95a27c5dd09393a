package io.carillon;

import io.carillon.db.Database;
import io.carillon.execution.CallTokens;
import io.carillon.execution.EventSink;
import io.carillon.execution.RunPorts;
import io.carillon.execution.Runs;
import io.carillon.history.StoredProgress;
import io.carillon.quartz.Engine;
import io.carillon.security.ExecutionTokens;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.function.Supplier;

/** What targets report on their calls, and what people do with single executions. */
final class Reporting implements AutoCloseable {
  private final ExecutionTokens tokens;
  private final StoredProgress progress;
  private final Late<Runs> runs = new Late<>(Runs.class);

  /**
   * @param database throws {@link io.carillon.job.JobExceptions.StoreUnavailable} while there is
   *     none
   * @param events is told what targets report
   */
  Reporting(Supplier<Database> database, Supplier<EventSink> events, InstantSource clock) {
    this.tokens = new ExecutionTokens(clock);
    this.progress = new StoredProgress(() -> database.get().dataSource(), events);
  }

  CallTokens tokens() {
    return tokens;
  }

  RunPorts ports() {
    return new RunPorts(runs.port(), progress, tokens);
  }

  /** Before the engine starts. */
  void open(Database database, Engine engine) throws SQLException {
    tokens.load(database.dataSource());
    runs.arrive(engine.runs());
  }

  /** Idempotent. */
  @Override
  public void close() {
    progress.close();
  }
}
