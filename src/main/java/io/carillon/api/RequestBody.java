package io.carillon.api;

import io.carillon.api.http.Problem;
import io.carillon.api.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Reads bodies, never more than allowed and never longer than allowed. Stateless. */
final class RequestBody {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration DRAINING = Duration.ofSeconds(2);
  private static final long DRAINED = 32L << 20;
  private static final int CHUNK = 16 * 1024;

  private RequestBody() {}

  /**
   * @param most bytes
   * @throws ProblemException 413 when it is larger (said or found), 408 when it does not come, 400
   *     when it breaks off
   */
  static byte[] read(HttpServletRequest request, long most) {
    long begin = System.nanoTime();
    long said = request.getContentLengthLong();
    ByteArrayOutputStream body =
        new ByteArrayOutputStream((int) Math.max(32, Math.min(most, said)));
    byte[] chunk = new byte[CHUNK];
    try {
      InputStream in = request.getInputStream();
      if (said > most) {
        throw request.getHeader("Expect") == null ? tooLarge(in, most) : tooLarge(most);
      }
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        body.write(chunk, 0, length);
        if (body.size() > most) {
          throw tooLarge(in, most);
        }
        if (System.nanoTime() - begin > LONGEST.toNanos()) {
          throw closing(Problems.ofStatus(408));
        }
      }
    } catch (IOException e) {
      throw closing(
          e.getCause() instanceof TimeoutException
              ? Problems.ofStatus(408)
              : Problem.of(400, "body_incomplete", "the body broke off"));
    }
    return body.toByteArray();
  }

  /** Lets some of the rest come: a client that is cut off while it sends never sees the answer. */
  private static ProblemException tooLarge(InputStream in, long most) throws IOException {
    long begin = System.nanoTime();
    byte[] chunk = new byte[CHUNK];
    long drained = 0;
    for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
      drained += length;
      if (drained > DRAINED || System.nanoTime() - begin > DRAINING.toNanos()) {
        break;
      }
    }
    return tooLarge(most);
  }

  private static ProblemException tooLarge(long most) {
    return closing(Problem.of(413, "body_too_large", "at most " + most + " bytes are taken here"));
  }

  private static ProblemException closing(Problem problem) {
    return new ProblemException(problem.with("Connection", "close"));
  }
}
