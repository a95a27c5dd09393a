package io.carillon.target;

import io.carillon.execution.Admission;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Looks at a call's {@link Admission} when the connection stands, TLS included, and nothing of the
 * request has been written. Must be the last of the network interceptors: only writing comes after
 * it. What cannot be closed are the microseconds between the look and the write. Stateless.
 */
final class LastLook implements Interceptor {
  /** The call was admitted no more; nothing of it was sent. */
  static final class NotAdmitted extends IOException {
    private static final long serialVersionUID = 1;

    private NotAdmitted() {
      super("not admitted any more");
    }
  }

  /** Hands a call's admission to its look. */
  static Request.Builder mark(Request.Builder request, Admission admission) {
    return request.tag(Admission.class, admission);
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Admission admission = chain.request().tag(Admission.class);
    if (admission == null || !admission.holds()) {
      throw new NotAdmitted();
    }
    return chain.proceed(chain.request());
  }
}
