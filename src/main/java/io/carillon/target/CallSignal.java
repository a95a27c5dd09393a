package io.carillon.target;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.EventListener;
import org.jspecify.annotations.Nullable;

/**
 * Tells the look-up of a name that its call was broken off or has run out of time: OkHttp cuts
 * sockets then, but it cannot cut the resolver. One per call; thread-safe.
 */
final class CallSignal extends EventListener {
  private static final ThreadLocal<@Nullable CallSignal> RESOLVING = new ThreadLocal<>();

  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** The end of the call that looks up a name in this thread; never ends if there is none. */
  static CompletableFuture<Void> ofThisThread() {
    CallSignal signal = RESOLVING.get();
    RESOLVING.remove();
    return signal == null ? new CompletableFuture<>() : signal.ended;
  }

  @Override
  public void dnsStart(Call call, String domainName) {
    RESOLVING.set(this);
  }

  @Override
  public void dnsEnd(Call call, String domainName, List<InetAddress> addresses) {
    RESOLVING.remove();
  }

  @Override
  public void canceled(Call call) {
    ended.complete(null);
  }
}
