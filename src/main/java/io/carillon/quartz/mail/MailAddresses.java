package io.carillon.quartz.mail;

import io.carillon.job.MailRules;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.Optional;

/** Holds addresses to RFC 822 as Jakarta Mail reads it strictly, one mailbox each. Stateless. */
public final class MailAddresses implements MailRules {
  private static final int LONGEST = 320;

  @Override
  public boolean available() {
    return true;
  }

  @Override
  public Optional<String> faultOf(String address) {
    if (address.isBlank() || address.length() > LONGEST) {
      return Optional.of("an address has 1 to " + LONGEST + " characters");
    }
    if (address.codePoints().anyMatch(MailAddresses::breaksLines)) {
      return Optional.of("an address holds no line breaks and no control characters");
    }
    try {
      InternetAddress read = new InternetAddress(address, true);
      if (read.isGroup()) {
        return Optional.of("a group is not one address");
      }
      return read.getAddress().chars().allMatch(c -> c > ' ' && c <= '~')
          ? Optional.empty()
          : Optional.of("an address itself is written in ASCII");
    } catch (AddressException e) {
      return Optional.of("not an address such as ann@shop.example or Ann <ann@shop.example>");
    }
  }

  private static boolean breaksLines(int c) {
    return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
  }
}
