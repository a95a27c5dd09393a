package io.carillon.api;

import io.carillon.api.http.Problem;
import io.carillon.api.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads bodies, never more than allowed and never longer than allowed. Stateless. */
final class RequestBody {
  private static final Logger LOG = LoggerFactory.getLogger(RequestBody.class);
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
      if (said > DRAINED || (said > most && request.getHeader("Expect") != null)) {
        throw tooLarge(most); // before the stream is touched: that would ask for the body
      }
      InputStream in = request.getInputStream();
      if (said > most) {
        throw tooLarge(request, in, most);
      }
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        body.write(chunk, 0, length);
        if (body.size() > most) {
          throw tooLarge(request, in, most);
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
  private static ProblemException tooLarge(HttpServletRequest request, InputStream in, long most) {
    ServletContextRequest.getServletContextRequest(request)
        .getConnectionMetaData()
        .getConnection()
        .getEndPoint()
        .setIdleTimeout(DRAINING.toMillis());
    long begin = System.nanoTime();
    byte[] chunk = new byte[CHUNK];
    long drained = 0;
    try {
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        drained += length;
        if (drained > DRAINED || System.nanoTime() - begin > DRAINING.toNanos()) {
          break;
        }
      }
    } catch (IOException broken) {
      LOG.debug("A body too large broke off: {}", broken.toString());
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
