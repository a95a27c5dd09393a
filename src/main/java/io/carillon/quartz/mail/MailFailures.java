package io.carillon.quartz.mail;

import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Reasons;
import jakarta.mail.MessagingException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.util.MailConnectException;
import org.jspecify.annotations.Nullable;

/** Translates what Jakarta Mail throws into a reason and a sentence. Pure. */
final class MailFailures {
  private static final int LONGEST = 300;

  /** An answer's code at the begin of a message, or where a greeting is refused. */
  private static final Pattern CODE = Pattern.compile("(?:^|response: )([45][0-9]{2})\\b");

  private MailFailures() {}

  static boolean isNotAdmitted(Throwable thrown) {
    return chain(thrown).stream().anyMatch(OutgoingMessage.NotAdmitted.class::isInstance);
  }

  /**
   * @param brokenOff why the mail was broken off, if it was
   */
  static Failed of(Throwable thrown, @Nullable String brokenOff) {
    List<Throwable> chain = chain(thrown);
    if (brokenOff != null) {
      return Failed.of(brokenOff, words(brokenOff));
    }
    // Of several recipients' answers the worst counts: 5xx before 4xx.
    OptionalInt code = chain.stream().mapToInt(MailFailures::code).filter(c -> c > 0).max();
    if (code.isPresent()) {
      String said =
          chain.stream()
              .filter(t -> code(t) == code.getAsInt())
              .map(MailFailures::said)
              .findFirst()
              .orElse("");
      return Failed.of(Reasons.smtp(code.getAsInt()), "the mail server answered: " + said);
    }
    if (has(chain, UnknownHostException.class)) {
      return Failed.of(Reasons.DNS, "the mail server's name could not be resolved");
    }
    if (has(chain, SSLException.class) || said(chain.get(0)).contains("STARTTLS")) {
      return Failed.of(Reasons.TLS, "TLS with the mail server failed: " + innermost(chain));
    }
    if (has(chain, MailConnectException.class)
        || has(chain, ConnectException.class)
        || has(chain, NoRouteToHostException.class)) {
      return Failed.of(Reasons.CONNECT, "no connection to the mail server: " + innermost(chain));
    }
    if (has(chain, SocketTimeoutException.class)) {
      return Failed.of(Reasons.TIMEOUT, "the mail server did not answer in time");
    }
    return Failed.of(
        Reasons.NETWORK, "the exchange with the mail server failed: " + innermost(chain));
  }

  /** What to say of a mail that was broken off. */
  static String words(String reason) {
    return reason.equals(Reasons.TIMEOUT)
        ? "the mail was not taken in time"
        : "the mail was broken off";
  }

  private static int code(Throwable thrown) {
    if (thrown instanceof SMTPAddressFailedException refused) {
      return refusal(refused.getReturnCode());
    }
    if (thrown instanceof SMTPSenderFailedException refused) {
      return refusal(refused.getReturnCode());
    }
    if (thrown instanceof SMTPSendFailedException refused) {
      return refusal(refused.getReturnCode());
    }
    if (thrown instanceof MessagingException && thrown.getMessage() != null) {
      Matcher matcher = CODE.matcher(thrown.getMessage());
      return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }
    return 0;
  }

  /** 2xx is told of recipients that were not refused themselves. */
  private static int refusal(int code) {
    return code >= 400 && code < 600 ? code : 0;
  }

  private static boolean has(List<Throwable> chain, Class<? extends Throwable> type) {
    return chain.stream().anyMatch(type::isInstance);
  }

  /** Causes and the further exceptions that Jakarta Mail hangs on one; at most 200. */
  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    chain.add(thrown);
    for (int i = 0; i < chain.size() && chain.size() < 200; i++) {
      Throwable t = chain.get(i);
      Throwable next = t instanceof MessagingException mail ? mail.getNextException() : null;
      for (Throwable other : new Throwable[] {t.getCause(), next}) {
        if (other != null && !chain.contains(other)) {
          chain.add(other);
        }
      }
    }
    // Quartz's own wrapper says recipients and subject.
    chain.remove(0);
    return chain.isEmpty() ? List.of(thrown) : chain;
  }

  private static String innermost(List<Throwable> chain) {
    return said(chain.get(chain.size() - 1));
  }

  /** On one line. */
  private static String said(Throwable thrown) {
    String message = thrown.getMessage();
    String text = message == null ? thrown.getClass().getSimpleName() : message.strip();
    String line =
        text.substring(0, Math.min(LONGEST, text.length()))
            .codePoints()
            .map(c -> Character.isISOControl(c) || isInvisible(c) ? ' ' : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return line.replaceAll(" {2,}", " ");
  }

  private static boolean isInvisible(int c) {
    int type = Character.getType(c);
    return type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }
}
