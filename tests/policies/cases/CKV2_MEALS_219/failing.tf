resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "meals" {
  vpc_id = aws_vpc.meals.id
}

resource "aws_subnet" "private" {
  vpc_id                  = aws_vpc.meals.id
  cidr_block              = "10.0.2.0/24"
  map_public_ip_on_launch = false
  tags                    = { Tier = "private" }
}

resource "aws_subnet" "edge" {
  vpc_id     = aws_vpc.meals.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_route_table" "edge" {
  vpc_id = aws_vpc.meals.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.meals.id
  }
}

resource "aws_route_table_association" "edge" {
  subnet_id      = aws_subnet.edge.id
  route_table_id = aws_route_table.edge.id
}

# expect: fail
resource "aws_mq_broker" "edge" {
  subnet_ids = [aws_subnet.private.id, aws_subnet.edge.id]
}

resource "aws_subnet" "dmz" {
  vpc_id = aws_vpc.meals.id
  tags   = { Name = "meals-dmz-1" }
}

# expect: fail
resource "aws_msk_cluster" "dmz" {
  broker_node_group_info {
    client_subnets = aws_subnet.dmz[*].id
  }
}

resource "aws_subnet" "gives_addresses" {
  vpc_id                  = aws_vpc.meals.id
  map_public_ip_on_launch = true
}

resource "aws_db_subnet_group" "database" {
  subnet_ids = [aws_subnet.gives_addresses.id]
}

# expect: fail
resource "aws_db_instance" "database" {
  db_subnet_group_name = aws_db_subnet_group.database.name
}

# expect: fail
resource "aws_fsx_windows_file_system" "public" {
  subnet_ids = [aws_subnet.of_files.id]
}

# expect: fail
resource "aws_db_proxy" "public" {
  vpc_subnet_ids = [aws_subnet.of_files.id]
}

resource "aws_subnet" "of_files" {
  vpc_id = "vpc-12345678"
  tags   = { Tier = "public" }
}
