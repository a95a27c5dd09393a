package io.carillon.quartz.store;

import io.carillon.execution.Completion;
import io.carillon.execution.Firing;
import io.carillon.execution.NextStep.Finish;
import io.carillon.execution.NextStep.RetryAt;
import io.carillon.execution.Outcome.Failed;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line per attempt that has ended, written after it is on disk, so that the log never says more
 * than history.
 */
final class ExecutionLog {
  private static final Logger LOG = LoggerFactory.getLogger("io.carillon.executions");

  private ExecutionLog() {}

  static void ended(Completion completion) {
    if (completion.next() instanceof RetryAt retry) {
      line(Level.INFO, completion, "RETRYING").addKeyValue("retryAt", retry.instant()).log();
    } else if (completion.next() instanceof Finish finish) {
      line(Level.INFO, completion, finish.state().name()).log();
    }
  }

  /** The attempt is not over; its line comes with its end. */
  static void awaiting(Completion completion) {
    LOG.atInfo()
        .setMessage("execution awaits its target's word")
        .addKeyValue("id", completion.firing().id())
        .addKeyValue("job", completion.firing().job().id())
        .addKeyValue("attempt", completion.firing().attempt())
        .log();
  }

  /** It was fired and not begun. */
  static void givenBack(Completion completion) {
    line(Level.INFO, completion, "QUEUED").log();
  }

  static void stale(Completion completion) {
    line(Level.WARN, completion, "STALE").log();
  }

  /** Lateness is told where it is one: not of a retry, whose instant is later by plan. */
  private static LoggingEventBuilder line(Level level, Completion completion, String outcome) {
    Firing firing = completion.firing();
    LoggingEventBuilder line =
        LOG.atLevel(level)
            .setMessage("execution ended")
            .addKeyValue("id", firing.id())
            .addKeyValue("job", firing.job().id())
            .addKeyValue("outcome", outcome);
    if (completion.outcome().httpStatus() != null) {
      line = line.addKeyValue("status", completion.outcome().httpStatus());
    }
    if (completion.outcome() instanceof Failed failed) {
      line = line.addKeyValue("reason", failed.reason());
    }
    line = line.addKeyValue("durationMs", millis(completion.startedAt(), completion.finishedAt()));
    if (firing.counted() == 1) {
      line = line.addKeyValue("latenessMs", millis(firing.scheduledAt(), completion.startedAt()));
    }
    return line.addKeyValue("attempt", firing.attempt());
  }

  private static long millis(Instant from, Instant to) {
    return Duration.between(from, to).toMillis();
  }
}
