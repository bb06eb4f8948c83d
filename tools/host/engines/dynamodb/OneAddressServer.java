import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import java.util.Arrays;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * DynamoDB Local on one address: the first argument, before its own options. By itself it listens on every address of the machine, and no option changes that.
 * The field is private; the POM pins the version that has it.
 */
class OneAddressServer {
  public static void main(String[] args) throws Exception {
    String address = args[0];
    String[] options = Arrays.copyOfRange(args, 1, args.length);
    DynamoDBProxyServer local = ServerRunner.createServerFromCommandLineArgs(options);
    var field = DynamoDBProxyServer.class.getDeclaredField("server");
    field.setAccessible(true);
    for (Connector connector : ((Server) field.get(local)).getConnectors()) {
      ((ServerConnector) connector).setHost(address);
    }
    local.safeStart();
    System.out.println("DynamoDB Local is ready");
  }
}
