package io.carillon.target;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Keeps OkHttp from acting on an answer. Even with redirects and retries off it calls again by
 * itself on a 503 with {@code Retry-After: 0}, and it turns a 407 into an exception. So every
 * status that is not a success reaches its follow-up logic raised by a thousand, where it means
 * nothing, and {@link #status} takes it down again. A network interceptor; stateless.
 */
final class OneCallOnly implements Interceptor {
  private static final int RAISE = 1000;
  private static final int NOT_MODIFIED = 304;

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    if (response.isSuccessful() || response.code() == NOT_MODIFIED) {
      return response;
    }
    return response.newBuilder().code(response.code() + RAISE).build();
  }

  /** The status that the target sent. */
  static int status(Response response) {
    return response.code() >= RAISE ? response.code() - RAISE : response.code();
  }
}
