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
  private static final int CHUNK = 16 * 1024;

  private RequestBody() {}

  /**
   * @param most bytes
   * @throws ProblemException 413 when it is larger (said or found), 408 when it does not come, 400
   *     when it breaks off
   */
  static byte[] read(HttpServletRequest request, long most) {
    long said = request.getContentLengthLong();
    if (said > most) {
      throw tooLarge(most);
    }
    long begin = System.nanoTime();
    ByteArrayOutputStream body = new ByteArrayOutputStream((int) Math.max(32, said));
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = request.getInputStream()) {
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        body.write(chunk, 0, length);
        if (body.size() > most) {
          throw tooLarge(most);
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

  private static ProblemException tooLarge(long most) {
    return closing(Problem.of(413, "body_too_large", "at most " + most + " bytes are taken here"));
  }

  private static ProblemException closing(Problem problem) {
    return new ProblemException(problem.with("Connection", "close"));
  }
}
