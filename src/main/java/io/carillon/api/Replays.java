package io.carillon.api;

import io.carillon.api.http.Call;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Problem;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Reply;
import io.carillon.idempotency.Claim;
import io.carillon.idempotency.IdempotencyKeys;
import io.carillon.idempotency.StoredAnswer;
import io.carillon.job.JobExceptions.StoreUnavailable;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a POST with an {@code Idempotency-Key} the answer that the first one with this key got. Of
 * the requests with one key on this node, one at a time asks the table; a request that finds
 * another at work waits two seconds for its answer. Thread-safe.
 */
final class Replays {
  static final String HEADER = "Idempotency-Key";
  static final String REPLAYED = "Idempotency-Replayed";

  private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
  private static final Duration WAIT = Duration.ofSeconds(2);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(25);

  private final IdempotencyKeys keys;

  /** Keys that a request of this node is asking for: no more than requests in flight. */
  private final Map<String, CountDownLatch> asking = new ConcurrentHashMap<>();

  Replays(IdempotencyKeys keys) {
    this.keys = keys;
  }

  /**
   * @param route method and path of the request
   * @param bodyHash of body and query
   */
  Reply answer(Exchange exchange, String route, String bodyHash, Call call) {
    String key = exchange.header(HEADER);
    if (key == null) {
      return call.answer(exchange);
    }
    if (!KEY.matcher(key).matches()) {
      throw ProblemException.of(
          400,
          "idempotency_key_invalid",
          HEADER + " takes 1 to 255 visible ASCII characters, once");
    }
    String keyHash = Hashes.sha256(exchange.caller().id() + '\n' + route + '\n' + key);
    boolean forgets = !route.endsWith("/run");
    return answerOnce(exchange, new Keyed(keyHash, bodyHash, forgets), call);
  }

  /**
   * What a key stands for.
   *
   * @param forgets whether nothing was done for sure when the store says that it is unavailable; of
   *     a run it does not say that
   */
  private record Keyed(String hash, String bodyHash, boolean forgets) {}

  private Reply answerOnce(Exchange exchange, Keyed key, Call call) {
    long deadline = System.nanoTime() + WAIT.toNanos();
    for (long left = WAIT.toNanos(); left > 0; left = deadline - System.nanoTime()) {
      CountDownLatch mine = new CountDownLatch(1);
      CountDownLatch other = asking.putIfAbsent(key.hash, mine);
      if (other != null) {
        await(other, left);
        continue;
      }
      try {
        Claim claim = keys.claim(key.hash, key.bodyHash, exchange.proposedId());
        if (claim instanceof Claim.Mine won) {
          return perform(exchange.withProposedId(won.proposedId()), key, won, call);
        }
        if (claim instanceof Claim.Answered answered) {
          return replay(answered.answer());
        }
        if (claim instanceof Claim.OtherBody) {
          throw ProblemException.of(
              422, "idempotency_key_reused", "this " + HEADER + " came with another body before");
        }
        await(mine, Math.min(left, LOOK_AGAIN.toNanos()));
      } finally {
        asking.remove(key.hash, mine);
        mine.countDown();
      }
    }
    throw new ProblemException(
        Problem.of(409, "idempotency_key_in_use", "a request with this key is still running")
            .retryAfter(Duration.ofSeconds(1)));
  }

  private Reply perform(Exchange exchange, Keyed key, Claim.Mine claim, Call call) {
    Reply reply;
    try {
      reply = call.answer(exchange);
    } catch (RuntimeException | StackOverflowError e) {
      Problem problem = Problems.of(e);
      if (problem.status() >= 500 || problem.status() == 429) {
        release(key.hash, claim, claim.first() && nothingStored(e, key));
        throw e;
      }
      reply = problem.reply(exchange.requestId());
    }
    finish(key.hash, reply);
    return reply;
  }

  private static boolean nothingStored(Throwable thrown, Keyed key) {
    return thrown instanceof ProblemException
        || (thrown instanceof StoreUnavailable away && away.unknown() == null && key.forgets);
  }

  /** The work is done: if this fails, the next request finds what it created by the proposed id. */
  private void finish(String keyHash, Reply reply) {
    try {
      keys.finish(keyHash, Answers.stored(reply));
    } catch (StoreUnavailable e) {
      LOG.warn("An answer could not be kept for its Idempotency-Key: {}", e.getMessage());
    }
  }

  private void release(String keyHash, Claim.Mine claim, boolean forget) {
    try {
      keys.release(keyHash, claim, forget);
    } catch (StoreUnavailable e) {
      LOG.debug("An Idempotency-Key stays locked until its lock runs out: {}", e.getMessage());
    }
  }

  private static Reply replay(StoredAnswer answer) {
    return Answers.reply(answer).with(REPLAYED, "true");
  }

  private static void await(CountDownLatch latch, long nanos) {
    try {
      if (!latch.await(nanos, TimeUnit.NANOSECONDS)) {
        LOG.trace("Still at work");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProblemException(Problems.ofStatus(503));
    }
  }
}
