package io.carillon.quartz.mail;

import io.carillon.config.MailConfig;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Mails and what sends them, valid unless a test says otherwise. */
final class Mails {
  static final Instant NOW = Instant.parse("2026-11-22T01:00:00Z");
  static final JobId JOB = JobId.of("reminder");
  static final ExecutionId ID = ExecutionId.planned(JOB, 1, NOW);
  static final String FROM = "Carillon <bells@shop.example>";

  private Mails() {}

  static Mail to(int port) {
    return to(port, Duration.ofSeconds(5));
  }

  static Mail to(int port, Duration timeout) {
    return new Mail(config(port, MailConfig.Tls.NONE, timeout), InstantSource.fixed(NOW));
  }

  static MailConfig config(int port, MailConfig.Tls tls, Duration timeout) {
    return new MailConfig("127.0.0.1", port, null, null, FROM, tls, timeout);
  }

  static Target.Email plain(String text) {
    return mail(List.of("ann@x.example"), "Reminder", text);
  }

  static Target.Email mail(List<String> to, String subject, String text) {
    return new Target.Email(
        to, List.of(), List.of(), null, null, subject, false, text, Duration.ofSeconds(10));
  }

  static Target.Email within(Duration timeout) {
    Target.Email plain = plain("Hello");
    return new Target.Email(
        plain.to(), List.of(), List.of(), null, null, plain.subject(), false, "Hello", timeout);
  }

  static Firing firing(Target.Email mail, int attempt) {
    Job job = Job.of(JOB, mail, new Schedule.Now(Limits.NONE));
    return new Firing(ID, job, 1, NOW, attempt, attempt, false, "node-1", NOW, Map.of());
  }

  static Outcome sent(Mail sender, Target.Email mail) {
    return sender.call(firing(mail, 1), () -> true).orElseThrow();
  }

  static Failed failed(Mail sender, Target.Email mail) {
    return (Failed) sent(sender, mail);
  }
}
