package io.carillon.quartz.mail;

import io.carillon.config.MailConfig;
import io.carillon.execution.Admission;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Reasons;
import io.carillon.execution.TargetCaller;
import io.carillon.job.Target;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.quartz.JobExecutionException;

/**
 * Sends mails, each within its time-out, at most twenty at a time; the caller waits. Jakarta Mail
 * holds monitors while it waits for the server, so it runs in platform threads of its own: on
 * virtual ones a mail server that hangs would hold up all other calls. Thread-safe; closing breaks
 * off what runs, and is idempotent.
 */
public final class Mail implements TargetCaller, AutoCloseable {
  private static final int CONNECTIONS = 20;
  private static final int MOST_WAITING = 10_000;
  private static final Duration IDLE = Duration.ofSeconds(10);

  /** How long a mail that was broken off may take to notice. */
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private final MailConfig config;
  private final InstantSource clock;
  private final Set<Sending> running = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor threads;

  public Mail(MailConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            CONNECTIONS,
            CONNECTIONS,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread thread = new Thread(task, "mail-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** Only for jobs whose target is a mail. */
  @Override
  public Optional<Outcome> call(Firing firing, Admission admission) {
    Target.Email mail = (Target.Email) firing.job().target();
    Sending sending = new Sending(firing.id());
    running.add(sending);
    try {
      threads.execute(() -> sending.run(() -> exchange(firing, mail, admission, sending)));
      return await(sending, mail.timeout());
    } catch (RejectedExecutionException e) {
      return Optional.of(
          Failed.of(
              threads.isShutdown() ? Reasons.DRAINED : Reasons.NETWORK,
              "too many mails wait for the mail server"));
    } finally {
      running.remove(sending);
    }
  }

  private Optional<Outcome> exchange(
      Firing firing, Target.Email mail, Admission admission, Sending sending) {
    if (!admission.holds()) {
      return Optional.empty();
    }
    try {
      MailJob job = new MailJob(config, firing, mail, admission, sending, clock);
      job.execute(job.context());
      return Optional.of(new Succeeded(null, null));
    } catch (JobExecutionException e) {
      return MailFailures.isNotAdmitted(e)
          ? Optional.empty()
          : Optional.of(MailFailures.of(e, sending.brokenOff()));
    }
  }

  private static Optional<Outcome> await(Sending sending, Duration timeout) {
    try {
      return outcome(sending, timeout);
    } catch (TimeoutException late) {
      sending.breakOff(Reasons.TIMEOUT, "the mail server had no free connection in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      sending.breakOff(Reasons.DRAINED, MailFailures.words(Reasons.DRAINED));
      return broken(sending);
    }
    try {
      return outcome(sending, LAST_WORDS);
    } catch (TimeoutException stuck) {
      return broken(sending);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return broken(sending);
    }
  }

  private static Optional<Outcome> outcome(Sending sending, Duration patience)
      throws InterruptedException, TimeoutException {
    try {
      return sending.result().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("mail " + sending.id() + " could not be sent", e.getCause());
    }
  }

  private static Optional<Outcome> broken(Sending sending) {
    String reason = sending.brokenOff() == null ? Reasons.TIMEOUT : sending.brokenOff();
    return Optional.of(Failed.of(reason, MailFailures.words(reason)));
  }

  @Override
  public void cancel(ExecutionId id) {
    for (Sending sending : running) {
      if (sending.id().equals(id)) {
        sending.breakOff(Reasons.CANCELLED, MailFailures.words(Reasons.CANCELLED));
      }
    }
  }

  @Override
  public void cancelAll() {
    running.forEach(
        sending -> sending.breakOff(Reasons.DRAINED, MailFailures.words(Reasons.DRAINED)));
  }

  @Override
  public void close() {
    cancelAll();
    threads.shutdown();
  }
}
