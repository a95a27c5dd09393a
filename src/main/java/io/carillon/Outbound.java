package io.carillon;

import io.carillon.config.Configuration;
import io.carillon.config.EgressConfig;
import io.carillon.execution.CallTokens;
import io.carillon.execution.TargetCaller;
import io.carillon.job.MailRules;
import io.carillon.job.TargetRules;
import io.carillon.quartz.mail.Mail;
import io.carillon.quartz.mail.MailAddresses;
import io.carillon.target.EgressPolicy;
import io.carillon.target.SubmissionRules;
import io.carillon.target.Targets;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** All that leaves this server, and the rules for it. Closing is idempotent. */
final class Outbound implements AutoCloseable {
  private final EgressPolicy egress;
  private final @Nullable Mail mail;
  private final Secrecy secrets;
  private final Targets targets;

  /**
   * @param database asked for secrets
   * @throws Server.CannotStart if hosts or networks that may be called cannot be read
   */
  Outbound(
      Configuration configuration,
      Supplier<DataSource> database,
      CallTokens tokens,
      InstantSource clock) {
    this.egress = egress(configuration.egress());
    this.mail = configuration.mail().map(config -> new Mail(config, clock)).orElse(null);
    this.secrets = new Secrecy(configuration.secrets(), database, clock);
    this.targets = new Targets(egress, Version.current(), mail, secrets.vault(), tokens);
  }

  private static EgressPolicy egress(EgressConfig config) {
    List<String> faults = EgressPolicy.faults(config.allow());
    if (!faults.isEmpty()) {
      throw new Server.CannotStart("carillon.egress.allow: " + String.join("; ", faults), 2, null);
    }
    return EgressPolicy.of(config.allow(), config.local());
  }

  TargetRules rules() {
    return new SubmissionRules(
        egress, mail == null ? MailRules.UNAVAILABLE : new MailAddresses(), secrets.vault());
  }

  Secrecy secrets() {
    return secrets;
  }

  TargetCaller targets() {
    return new RefilledTargets(targets);
  }

  @Override
  public void close() {
    targets.close();
    if (mail != null) {
      mail.close();
    }
  }
}
