package io.carillon.target;

import io.carillon.execution.Admission;
import io.carillon.execution.CallTokens;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Reasons;
import io.carillon.execution.Secrets;
import io.carillon.execution.TargetCaller;
import io.carillon.job.Target;
import java.net.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls targets of every kind, synchronously, in the thread of the caller (platform or virtual).
 * Thread-safe. Owns its HTTP clients; closing it breaks off what runs, and is idempotent.
 *
 * <p>HTTP/1.1 only, so that each call has its connection to itself and breaking it off touches no
 * other.
 */
public final class Targets implements TargetCaller, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Targets.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LONGEST_LOOK_UP = Duration.ofSeconds(5);

  private final RunningCalls running = new RunningCalls();
  private final HostLookup lookup;
  private final OkHttpClient template;
  private final HttpClients clients;
  private final HttpTarget http;
  private final @Nullable TargetCaller mail;

  /**
   * Without mail.
   *
   * @param version of the server, for {@code User-Agent}
   */
  public Targets(EgressPolicy policy, String version) {
    this(policy, version, (TargetCaller) null);
  }

  /** Without secrets and tokens. */
  public Targets(EgressPolicy policy, String version, @Nullable TargetCaller mail) {
    this(policy, version, mail, Secrets.NONE, CallTokens.NONE);
  }

  /**
   * @param version of the server, for {@code User-Agent}
   * @param mail sends mails; null if this server sends none. Stays its owner's.
   * @param secrets asked for what targets and headers need
   * @param tokens what HTTP calls carry, so that their targets may report
   */
  public Targets(
      EgressPolicy policy,
      String version,
      @Nullable TargetCaller mail,
      Secrets secrets,
      CallTokens tokens) {
    this(
        policy,
        new RequestHeaders(version, tokens),
        new Surroundings(
            InstantSource.system(), Dns.SYSTEM, GuardedSocketFactory.Gate.OPEN, secrets),
        mail);
  }

  Targets(
      EgressPolicy policy,
      String version,
      InstantSource clock,
      Dns resolver,
      GuardedSocketFactory.Gate gate) {
    this(
        policy,
        new RequestHeaders(version, CallTokens.NONE),
        new Surroundings(clock, resolver, gate, Secrets.NONE),
        null);
  }

  private Targets(
      EgressPolicy policy,
      RequestHeaders headers,
      Surroundings around,
      @Nullable TargetCaller mail) {
    this.mail = mail;
    this.lookup = new HostLookup(around.resolver, LONGEST_LOOK_UP);
    this.template = template(policy, lookup, around.gate);
    this.clients = new HttpClients(template);
    this.http =
        new HttpTarget(
            clients,
            new UrlRules(policy),
            headers,
            new Credentials(around.secrets, around.clock),
            running,
            around.clock);
  }

  /** What calls depend on beside their rules. */
  private record Surroundings(
      InstantSource clock, Dns resolver, GuardedSocketFactory.Gate gate, Secrets secrets) {}

  @Override
  public Optional<Outcome> call(Firing firing, Admission admission) {
    Target target = firing.job().target();
    if (target instanceof Target.Http call) {
      return http.call(firing, call, admission);
    }
    if (target instanceof Target.Email) {
      return mail == null ? Optional.of(noMail()) : mail.call(firing, admission);
    }
    if (!admission.holds()) {
      return Optional.empty();
    }
    if (target instanceof Target.Log line) {
      LOG.info(
          "job {} execution {} says: {}",
          firing.job().id(),
          firing.id(),
          LogText.oneLine(line.message()));
    }
    return Optional.of(new Succeeded(null, null));
  }

  /** It was taken by a node, or at a time, with a mail server. */
  private static Outcome noMail() {
    return Failed.of(
        Reasons.MAIL_UNAVAILABLE, "this node sends no mail: carillon.mail.host is not set");
  }

  @Override
  public void cancel(ExecutionId id) {
    running.cancel(id);
    if (mail != null) {
      mail.cancel(id);
    }
  }

  @Override
  public void cancelAll() {
    running.cancelAll();
    if (mail != null) {
      mail.cancelAll();
    }
  }

  @Override
  public void close() {
    cancelAll();
    lookup.close();
    clients.close();
    template.dispatcher().executorService().shutdown();
  }

  /** How many HTTP calls are under way. */
  public int inFlight() {
    return running.size();
  }

  private static OkHttpClient template(
      EgressPolicy policy, Dns lookup, GuardedSocketFactory.Gate gate) {
    return new OkHttpClient.Builder()
        .proxy(Proxy.NO_PROXY)
        .dns(new GuardedDns(policy, lookup))
        .socketFactory(new GuardedSocketFactory(policy, gate))
        .fastFallback(false)
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .protocols(List.of(Protocol.HTTP_1_1))
        .connectTimeout(CONNECT_TIMEOUT)
        // The call's own time-out covers reading and writing.
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO)
        .addNetworkInterceptor(new OneCallOnly())
        .addNetworkInterceptor(new LastLook())
        .eventListenerFactory(call -> new CallSignal())
        .build();
  }
}
