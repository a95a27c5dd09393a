package io.carillon.api;

import io.carillon.api.http.Problem;
import io.carillon.api.http.ProblemException;
import io.carillon.config.ApiConfig;
import io.carillon.config.HttpConfig;
import io.carillon.config.KeysConfig;
import io.carillon.security.ApiKeys;
import io.carillon.security.CallRates;
import io.carillon.security.Caller;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;

/**
 * Decides whether a request may go on: not while the server stops, only under a name of this
 * server, only to a path that can be one, only with a key where keys are set, only so often.
 * Thread-safe.
 */
final class Gate {
  private static final int WRONG_KEYS_A_MINUTE = 10;
  private static final Set<String> HEALTH = Set.of("/livez", "/readyz", "/healthz");
  private static final Set<String> KEY_PARAMETERS =
      Set.of("key", "api_key", "apikey", "access_token", "token", "authorization");

  private final HostNames hosts;
  private final ApiKeys keys;
  private final CallRates rates;
  private final CallRates wrongKeys;
  private volatile boolean stopping;

  Gate(HttpConfig http, ApiConfig api, KeysConfig keys, InstantSource clock) {
    this.hosts = new HostNames(http);
    this.keys = new ApiKeys(keys);
    this.rates = new CallRates(api.rate(), Duration.ofSeconds(1), clock);
    this.wrongKeys = new CallRates(WRONG_KEYS_A_MINUTE, Duration.ofMinutes(1), clock);
  }

  /** From now on only health is told. */
  void close() {
    stopping = true;
  }

  /**
   * Lets a request pass.
   *
   * @return who makes it
   * @throws ProblemException if it may not go on
   */
  Caller admit(Context request) {
    boolean health = HEALTH.contains(request.path());
    if (stopping && !health) {
      throw new ProblemException(
          Problem.of(503, "draining", "this node is stopping; send it to another one")
              .retryAfter(Duration.ofSeconds(1))
              .with("Connection", "close"));
    }
    if (!keys.required()) {
      hosts.check(request.header("Host"));
      hosts.checkOrigin(request.header("Origin"), request.header("Host"));
    }
    if (!RequestPath.isPlain(request.req().getRequestURI())) {
      throw ProblemException.notFound("path");
    }
    if (health) {
      return Caller.LOCAL;
    }
    boolean byToken = RunCalls.areByToken(request.req().getMethod(), request.path());
    boolean byKey = keys.required() && !byToken;
    Caller caller = byToken ? Caller.TARGET : byKey ? withKey(request) : Caller.LOCAL;
    Duration wait = rates.take(byKey ? caller.id() : request.ip());
    if (!wait.isZero()) {
      throw tooMany("more calls than carillon.api.rate allows", wait);
    }
    return caller;
  }

  /**
   * Refuses what a page of another site asks, also where there are keys: its browser would let that
   * page read what comes over a socket.
   *
   * @throws ProblemException 403
   */
  void refuseOtherSites(Context request) {
    hosts.checkOrigin(request.header("Origin"), request.header("Host"));
  }

  private Caller withKey(Context request) {
    for (String parameter : request.queryParamMap().keySet()) {
      if (KEY_PARAMETERS.contains(parameter.toLowerCase(Locale.ROOT))) {
        throw ProblemException.of(
            400, "key_in_query", "keys do not belong in addresses; send Authorization: Bearer");
      }
    }
    String header = request.header("Authorization");
    if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw unauthorized();
    }
    return keys.caller(header.substring(7).strip()).orElseThrow(() -> wrongKey(request.ip()));
  }

  private ProblemException wrongKey(String address) {
    Duration wait = wrongKeys.take(address);
    return wait.isZero() ? unauthorized() : tooMany("too many wrong keys", wait);
  }

  private static ProblemException unauthorized() {
    return new ProblemException(
        Problem.of(401, "unauthorized", "this call needs a valid key: Authorization: Bearer <key>")
            .with("WWW-Authenticate", "Bearer realm=\"carillon\""));
  }

  private static ProblemException tooMany(String detail, Duration wait) {
    return new ProblemException(Problem.of(429, "rate_limited", detail).retryAfter(wait));
  }
}
