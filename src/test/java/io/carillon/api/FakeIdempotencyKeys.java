package io.carillon.api;

import io.carillon.idempotency.Claim;
import io.carillon.idempotency.IdempotencyKeys;
import io.carillon.idempotency.StoredAnswer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys in a map, for ever; a claim stays until it is finished or released. */
final class FakeIdempotencyKeys implements IdempotencyKeys {
  private final Map<String, Entry> entries = new HashMap<>();

  private boolean losing;

  /** From now on a request dies before its answer is kept, and its lock runs out at once. */
  synchronized void loseAnswers() {
    losing = true;
  }

  synchronized void keepAnswers() {
    losing = false;
  }

  private record Entry(
      String bodyHash, String proposedId, @Nullable StoredAnswer answer, boolean locked) {}

  @Override
  public synchronized Claim claim(String keyHash, String bodyHash, String freshId) {
    Entry entry = entries.get(keyHash);
    if (entry == null) {
      entries.put(keyHash, new Entry(bodyHash, freshId, null, true));
      return new Claim.Mine(freshId, 1, true);
    }
    if (!entry.bodyHash.equals(bodyHash)) {
      return new Claim.OtherBody();
    }
    if (entry.answer != null) {
      return new Claim.Answered(entry.answer);
    }
    if (entry.locked) {
      return new Claim.Running();
    }
    entries.put(keyHash, new Entry(bodyHash, entry.proposedId, null, true));
    return new Claim.Mine(entry.proposedId, 1, false);
  }

  @Override
  public synchronized void finish(String keyHash, StoredAnswer answer) {
    Entry entry = entries.get(keyHash);
    entries.put(
        keyHash, new Entry(entry.bodyHash, entry.proposedId, losing ? null : answer, false));
  }

  @Override
  public synchronized void release(String keyHash, Claim.Mine claim, boolean forget) {
    Entry entry = entries.remove(keyHash);
    if (!forget) {
      entries.put(keyHash, new Entry(entry.bodyHash, entry.proposedId, null, false));
    }
  }
}
