//! Addresses of the network, by the profile's policy: kept, cut to the network, or redacted.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use crate::sanitize::{Sanitize, Writer};

impl Sanitize for IpAddr {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.ip(*self, None);
    }
}

impl Sanitize for SocketAddr {
    fn sanitize(&self, out: &mut Writer<'_>) {
        out.ip(self.ip(), Some(self.port()));
    }
}

macro_rules! by {
    ($($type:ty => $general:ident),*) => {$(
        impl Sanitize for $type {
            fn sanitize(&self, out: &mut Writer<'_>) {
                $general::from(*self).sanitize(out);
            }
        }
    )*};
}

by! { Ipv4Addr => IpAddr, Ipv6Addr => IpAddr, SocketAddrV4 => SocketAddr, SocketAddrV6 => SocketAddr }

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::{Counts, Profile, Rules, SanitizeConfig, Treatment};

    fn under(profile: Profile, value: &dyn Sanitize) -> String {
        let config = SanitizeConfig {
            profile,
            ..SanitizeConfig::default()
        };
        let rules = Rules::new(&config).unwrap();
        let (mut json, mut counts) = (Vec::new(), Counts::default());
        Writer::new(&mut json, &rules, &mut counts).value(Treatment::Default, value);
        String::from_utf8(json).unwrap()
    }

    #[test]
    fn the_profile_says_what_becomes_of_an_address() {
        let v4: IpAddr = "192.168.17.3".parse().unwrap();
        let v6: SocketAddr = "[2001:db8:1:2::3]:443".parse().unwrap();
        for profile in [Profile::Default, Profile::Pci] {
            assert_eq!(under(profile, &v4), r#""192.168.17.3""#);
            assert_eq!(under(profile, &v6), r#""[2001:db8:1:2::3]:443""#);
        }
        assert_eq!(under(Profile::Gdpr, &v4), r#""192.168.17.0""#);
        assert_eq!(under(Profile::Gdpr, &v6), r#""2001:db8:1::""#);
        assert_eq!(under(Profile::Hipaa, &v4), r#""***REDACTED***""#);
        assert_eq!(under(Profile::Hipaa, &v6), r#""***REDACTED***""#);
    }
}
