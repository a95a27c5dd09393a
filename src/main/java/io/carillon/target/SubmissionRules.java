package io.carillon.target;

import io.carillon.job.MailRules;
import io.carillon.job.SecretRules;
import io.carillon.job.TargetRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Layer 1: the outbound rules as far as they can be told from a definition. Asks no resolver, costs
 * microseconds, answers every fault. The same rules are held again before each call, so a job that
 * was stored under looser rules is not called under stricter ones.
 */
public final class SubmissionRules implements TargetRules {
  private final UrlRules urls;
  private final MailRules mail;
  private final SecretRules secrets;

  /** Of a server that sends no mail. */
  public SubmissionRules(EgressPolicy policy) {
    this(policy, MailRules.UNAVAILABLE);
  }

  /** Of a server that keeps no secrets. */
  public SubmissionRules(EgressPolicy policy, MailRules mail) {
    this(policy, mail, SecretRules.UNAVAILABLE);
  }

  public SubmissionRules(EgressPolicy policy, MailRules mail, SecretRules secrets) {
    this.urls = new UrlRules(policy);
    this.mail = mail;
    this.secrets = secrets;
  }

  @Override
  public SecretRules secrets() {
    return secrets;
  }

  @Override
  public MailRules mail() {
    return mail;
  }

  @Override
  public List<Broken> url(String url) {
    List<Broken> faults = new ArrayList<>();
    urls.read(url, faults);
    return List.copyOf(faults);
  }

  @Override
  public List<Broken> host(String host) {
    List<Broken> faults = new ArrayList<>();
    UrlRules.readHost(host, faults);
    return List.copyOf(faults);
  }

  @Override
  public List<Broken> headers(Map<String, String> headers) {
    List<Broken> faults = new ArrayList<>();
    HeaderRules.check(headers, faults);
    return List.copyOf(faults);
  }
}
