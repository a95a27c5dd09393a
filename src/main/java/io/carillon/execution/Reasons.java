package io.carillon.execution;

/**
 * The words that say why an execution or attempt is in its state. HTTP answers add {@code
 * HTTP_<status>}, mail servers' refusals {@code SMTP_<code>}.
 */
public final class Reasons {
  public static final String TIMEOUT = "TIMEOUT";
  public static final String NETWORK = "NETWORK";

  /**
   * The name of the target's host could not be resolved. A kind of {@link #NETWORK} for retries.
   */
  public static final String DNS = "DNS";

  /** The target's certificate or handshake was refused. A kind of {@link #NETWORK} for retries. */
  public static final String TLS = "TLS";

  /** The connection was refused. A kind of {@link #NETWORK} for retries. */
  public static final String CONNECT = "CONNECT";

  public static final String EGRESS_DENIED = "EGRESS_DENIED";

  /** There is no secret of the name that the target's {@code auth} gives. Nothing was sent. */
  public static final String SECRET_MISSING = "SECRET_MISSING";

  /** The secret cannot be decrypted by the node, or is of another kind. Nothing was sent. */
  public static final String SECRET_UNREADABLE = "SECRET_UNREADABLE";

  /**
   * The database did not tell the secret in time. Nothing was sent. A kind of {@link #NETWORK} for
   * retries.
   */
  public static final String SECRET_UNAVAILABLE = "SECRET_UNAVAILABLE";

  /** The node that ran it has no mail server. */
  public static final String MAIL_UNAVAILABLE = "MAIL_UNAVAILABLE";

  /** The node that ran it died or lost its lease. */
  public static final String NODE_LOST = "NODE_LOST";

  /** The node that ran it was stopped and handed it over. */
  public static final String DRAINED = "DRAINED";

  /** The breaker of its host is open. */
  public static final String CIRCUIT_OPEN = "CIRCUIT_OPEN";

  public static final String CANCELLED = "CANCELLED";

  /** The status was right, and the answer's body not what the job wants to find in it. */
  public static final String BODY_MISMATCH = "BODY_MISMATCH";

  /** A dead letter that somebody wants to be attempted again. */
  public static final String REDRIVEN = "REDRIVEN";

  /** The server itself failed; a defect of ours. */
  public static final String INTERNAL = "INTERNAL";

  /** Running at three node deaths: not tried again. */
  public static final String POISON = "POISON";

  /** Another execution of the job was not over. */
  public static final String OVERLAP = "OVERLAP";

  /** It is run after the fact, because somebody asked for it. */
  public static final String BACKFILL = "BACKFILL";

  /** It was late, and not to be caught up with. */
  public static final String MISFIRE = "MISFIRE";

  /** It was later than the job's {@code expiresAfter}. */
  public static final String EXPIRED = "EXPIRED";

  /** It fell into a pause. */
  public static final String PAUSED = "PAUSED";

  /** An exclusion calendar passes it over. */
  public static final String CALENDAR = "CALENDAR";

  /** Its local time did not exist, as the clocks went forward. */
  public static final String DST_GAP = "DST_GAP";

  /** The job's schedule was changed before it was fired. */
  public static final String RESCHEDULED = "RESCHEDULED";

  /** An answer that came after the execution had been handed to another node. */
  public static final String STALE = "STALE";

  /** The target itself reported that the attempt failed. */
  public static final String TARGET_FAILED = "TARGET_FAILED";

  /** A target that was to report gave no sign of life in time. A kind of {@link #TIMEOUT}. */
  public static final String HEARTBEAT_LOST = "HEARTBEAT_LOST";

  /** A client asked for it to be run again after it was over. */
  public static final String RETRY_REQUESTED = "RETRY_REQUESTED";

  /** A client asked for this instant to be skipped. */
  public static final String SKIP_REQUESTED = "SKIP_REQUESTED";

  /** Begins the reasons of mail servers. */
  static final String SMTP = "SMTP_";

  /** It waits because as many run as may run at once. */
  public static final String CONCURRENCY = "CONCURRENCY";

  /** It waits because as many have started as may start in a span of time. */
  public static final String RATE_LIMITED = "RATE_LIMITED";

  private Reasons() {}

  public static String http(int status) {
    return "HTTP_" + status;
  }

  /** A mail server's answer: 4xx is temporary, a kind of {@link #NETWORK} for retries. */
  public static String smtp(int code) {
    return SMTP + code;
  }
}
